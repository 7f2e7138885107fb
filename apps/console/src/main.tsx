import "../../ui/src/styles/tokens.css";
import "../../ui/src/styles/base.css";
import "../../ui/src/styles/components.css";
import "./console.css";
import { render } from "preact";
import { createBase } from "../../ui/src/base.ts";
import { bySrp } from "../../ui/src/by-srp.ts";
import { createKit } from "../../ui/src/kit.ts";
import { KitProvider } from "../../ui/src/kit-context.ts";
import { AppProvider } from "./app-context.ts";
import { createConsoleApp } from "./console-app.ts";
import { App } from "./views/app.tsx";

const base = await createBase({
  app: "console",
  words: {
    en: () => import("./words/en.ts"),
    "pt-BR": () => import("./words/pt-br.ts"),
    es: () => import("./words/es.ts"),
  },
});
const kit = createKit(base, bySrp);
const app = createConsoleApp(kit);
render(
  <KitProvider value={kit}>
    <AppProvider value={app}>
      <App />
    </AppProvider>
  </KitProvider>,
  document.getElementById("app") as HTMLElement,
);
