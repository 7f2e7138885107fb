import { render } from "preact";
import type { Base } from "../../ui/src/base.ts";
import { createKit } from "../../ui/src/kit.ts";
import { KitProvider } from "../../ui/src/kit-context.ts";
import { unlockSound } from "../../ui/src/sounds.ts";
import { AppProvider } from "./app-context.ts";
import { createOrderApp } from "./order-app.ts";
import { App, preloadScreens } from "./views/app.tsx";
import type { Words } from "./words/en.ts";

/** Everything after the first view: who the guest is, what they order, and the live link. */
export function start(base: Base<Words>, root: HTMLElement): void {
  const kit = createKit(base);
  const app = createOrderApp(kit);
  addEventListener("pointerdown", unlockSound);
  render(
    <KitProvider value={kit}>
      <AppProvider value={app}>
        <App />
      </AppProvider>
    </KitProvider>,
    root,
  );
  preloadScreens();
}
