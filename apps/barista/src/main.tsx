import "../../ui/src/styles/tokens.css";
import "../../ui/src/styles/base.css";
import "../../ui/src/styles/components.css";
import "./barista.css";
import { render } from "preact";
import { createBase } from "../../ui/src/base.ts";
import { bySrp } from "../../ui/src/by-srp.ts";
import { createKit } from "../../ui/src/kit.ts";
import { KitProvider } from "../../ui/src/kit-context.ts";
import { keepScreenAwake } from "../../ui/src/screen-awake.ts";
import { unlockSound } from "../../ui/src/sounds.ts";
import { AppProvider } from "./app-context.ts";
import { createBaristaApp } from "./barista-app.ts";
import { createKeyboard, isTaken } from "./keyboard.ts";
import { App } from "./views/app.tsx";

const base = await createBase({
  app: "barista",
  words: {
    en: () => import("./words/en.ts"),
    "pt-BR": () => import("./words/pt-br.ts"),
    es: () => import("./words/es.ts"),
  },
});
const kit = createKit(base, bySrp);
const app = createBaristaApp(kit);
const keyboard = createKeyboard(app);
keepScreenAwake();
addEventListener("pointerdown", unlockSound);
addEventListener("keydown", (event) => {
  unlockSound();
  if (app.keysOn.peek() && !isTaken(event) && keyboard.press(event.key)) event.preventDefault();
});
render(
  <KitProvider value={kit}>
    <AppProvider value={{ app, keyboard }}>
      <App />
    </AppProvider>
  </KitProvider>,
  document.getElementById("app") as HTMLElement,
);
