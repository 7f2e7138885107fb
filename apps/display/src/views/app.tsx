import { Connection } from "../../../ui/src/components/connection.tsx";
import { PageFoot, ProposedSettings } from "../../../ui/src/components/page.tsx";
import { StaffOnly } from "../../../ui/src/components/staff-only.tsx";
import { useDisplay } from "../app-context.ts";
import { preparing, ready, waitMinutes } from "../lists.ts";
import { Call } from "./call.tsx";
import { CodePanel } from "./code-panel.tsx";
import { OrderList } from "./order-list.tsx";
import { PairingPanel } from "./pairing-panel.tsx";

/** Still pictures burn into a screen: everything moves by some pixels from minute to minute. */
const SHIFTS = [0, 2, 4, 6, 4, 2];

/** The whole screen. */
export function App() {
  const { kit, live } = useDisplay();
  return (
    <>
      <ProposedSettings />
      <StaffOnly title={kit.words.value.title} instead={<PairingPanel />}>
        <Connection live={live} />
        <Screen />
        <Foot />
      </StaffOnly>
    </>
  );
}

function Screen() {
  const { kit, orders, live } = useDisplay();
  const words = kit.words.value;
  const minute = Math.floor(kit.now.value / 60_000);
  const [x, y] = [SHIFTS[minute % 6] ?? 0, SHIFTS[(minute + 2) % 6] ?? 0];
  const wait = waitMinutes(orders.value, kit.now.value);
  return (
    <main class="screen" style={{ translate: `${x}px ${y}px` }} aria-busy={live.state.value.heardMs === 0}>
      <header>
        <h1 class="brand">Serverlesspresso</h1>
        <p class="wait">{wait !== undefined && words.waitNow(wait)}</p>
      </header>
      <CodePanel />
      <OrderList kind="preparing" title={words.preparing} empty={words.nothingPreparing} orders={preparing(orders.value)} />
      <OrderList kind="ready" title={words.ready} empty={words.nothingReady} orders={ready(orders.value, kit.now.value)} />
      <Call />
    </main>
  );
}

function Foot() {
  const { kit, linkToConfigure } = useDisplay();
  const words = kit.words.value;
  return (
    <PageFoot>
      <a href={linkToConfigure("barista")}>{words.configureBarista}</a>
      <a href={linkToConfigure("order")}>{words.configureOrder}</a>
      {document.fullscreenEnabled && (
        <button type="button" class="link" onClick={() => void document.documentElement.requestFullscreen().catch(() => {})}>
          {words.fullScreen}
        </button>
      )}
    </PageFoot>
  );
}
