import "../../ui/src/styles/tokens.css";
import "../../ui/src/styles/base.css";
import "../../ui/src/styles/components.css";
import "./display.css";
import { render } from "preact";
import { createBase } from "../../ui/src/base.ts";
import { createKit } from "../../ui/src/kit.ts";
import { KitProvider } from "../../ui/src/kit-context.ts";
import { keepScreenAwake } from "../../ui/src/screen-awake.ts";
import { unlockSound } from "../../ui/src/sounds.ts";
import { AppProvider } from "./app-context.ts";
import { createDisplayApp } from "./display-app.ts";
import { App } from "./views/app.tsx";

const base = await createBase({
  app: "display",
  words: {
    en: () => import("./words/en.ts"),
    "pt-BR": () => import("./words/pt-br.ts"),
    es: () => import("./words/es.ts"),
  },
});
const kit = createKit(base);
const app = createDisplayApp(kit);
keepScreenAwake();
for (const type of ["pointerdown", "keydown"]) addEventListener(type, unlockSound);
render(
  <KitProvider value={kit}>
    <AppProvider value={app}>
      <App />
    </AppProvider>
  </KitProvider>,
  document.getElementById("app") as HTMLElement,
);
