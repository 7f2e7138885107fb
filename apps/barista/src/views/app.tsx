import { useSignal } from "@preact/signals";
import { Connection } from "../../../ui/src/components/connection.tsx";
import { Icon } from "../../../ui/src/components/icons.tsx";
import { PageFoot, ProposedSettings } from "../../../ui/src/components/page.tsx";
import { StaffOnly } from "../../../ui/src/components/staff-only.tsx";
import { Switch } from "../../../ui/src/components/switch.tsx";
import { useBarista } from "../app-context.ts";
import { Board } from "./board.tsx";
import { MenuSwitches } from "./menu-switches.tsx";
import { NoticeList } from "./notice-list.tsx";
import { Store } from "./store.tsx";
import { UndoBar } from "./undo-bar.tsx";

/** The whole page. */
export function App() {
  const { app } = useBarista();
  const words = app.kit.words.value;
  return (
    <>
      <ProposedSettings />
      <StaffOnly title={words.title}>
        <Connection live={app.live} />
        <Top />
        <Board />
        <Foot />
        <UndoBar />
      </StaffOnly>
      <NoticeList />
    </>
  );
}

function Top() {
  const { app } = useBarista();
  const words = app.kit.words.value;
  const menuOpen = useSignal(false);
  const waiting = app.outbox.actions.value.filter(({ attempts }) => attempts > 0).length;
  return (
    <header class="top">
      <h1 class="brand">
        Serverlesspresso <span class="muted">{words.title}</span>
      </h1>
      <p role="status" class="unsent">
        {waiting > 0 && words.unsent(waiting)}
      </p>
      <Store />
      <button type="button" class="button small" onClick={() => void (menuOpen.value = true)}>
        <Icon name="cup" />
        {words.menu}
      </button>
      {menuOpen.value && <MenuSwitches onClose={() => void (menuOpen.value = false)} />}
    </header>
  );
}

function Foot() {
  const { app } = useBarista();
  const words = app.kit.words.value;
  const toggle = (label: string, value: typeof app.soundOn) => (
    <Switch checked={value.value} onSwitch={(on) => void (value.value = on)}>
      {label}
    </Switch>
  );
  return (
    <PageFoot>
      {toggle(words.sound, app.soundOn)}
      {toggle(words.keys, app.keysOn)}
    </PageFoot>
  );
}
