import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { Connection } from "../../../ui/src/components/connection.tsx";
import { Icon } from "../../../ui/src/components/icons.tsx";
import { PageFoot, ProposedSettings } from "../../../ui/src/components/page.tsx";
import { lazy } from "../../../ui/src/lazy.tsx";
import { useApp } from "../app-context.ts";
import { screenOf } from "../screen.ts";
import { Home } from "./home.tsx";

const screens = () => import("./screens.tsx");
const Choose = lazy(async () => (await screens()).Choose);
const Ended = lazy(async () => (await screens()).Ended);
const History = lazy(async () => (await screens()).History);
const Progress = lazy(async () => (await screens()).Progress);

/** Fetches what follows the first view, so that it is there when the network is not. */
export function preloadScreens(): void {
  for (const screen of [Choose, Progress, Ended, History]) screen.preload();
}

/** The whole page: one screen at a time, chosen by the guest's current order. */
export function App() {
  const { kit, live, current, shop } = useApp();
  const words = kit.words.value;
  const historyOpen = useSignal(false);
  // The screen changes with the order, not with every tick of the clock.
  const kind = useComputed(() => screenOf(current.value).kind).value;
  const order = current.value;
  useSignalEffect(() => {
    const shown = current.value;
    const { readyTitle, states } = kit.words.value;
    const title = shown && (shown.orderState === "COMPLETED" ? readyTitle(shown.orderNumber) : states[shown.orderState].title);
    document.title = title ? `${title} · Serverlesspresso` : "Serverlesspresso";
  });
  return (
    <>
      <ProposedSettings />
      <Connection live={live} />
      <header class="top">
        <p class="brand">Serverlesspresso</p>
        {kit.session.user.value && (
          <button type="button" class="button small" onClick={() => void (historyOpen.value = true)}>
            <Icon name="cup" />
            {words.history}
          </button>
        )}
      </header>
      <main class={`screen ${kind}`} aria-busy={!shop.value}>
        {(kind === "home" || !order) && <Home />}
        {kind === "choose" && order && <Choose order={order} />}
        {kind === "progress" && order && <Progress order={order} />}
        {kind === "ended" && order && <Ended order={order} />}
      </main>
      <PageFoot />
      {historyOpen.value && <History onClose={() => void (historyOpen.value = false)} />}
    </>
  );
}
