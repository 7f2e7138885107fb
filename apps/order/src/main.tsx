import "../../ui/src/styles/tokens.css";
import "../../ui/src/styles/base.css";
import "../../ui/src/styles/components.css";
import "./order.css";
import { render } from "preact";
import { createBase } from "../../ui/src/base.ts";
import { http } from "../../ui/src/http.ts";
import { loadCode } from "../../ui/src/load-code.ts";
import { parseShop, type Shop } from "../../ui/src/shop.ts";
import { SHOP } from "./kept.ts";
import { FirstView } from "./views/first-view.tsx";

const root = document.getElementById("app") as HTMLElement;
const whole = loadCode(() => import("./whole.tsx"));
const base = await createBase({
  app: "order",
  parameters: ["token"],
  words: {
    en: () => import("./words/en.ts"),
    "pt-BR": () => import("./words/pt-br.ts"),
    es: () => import("./words/es.ts"),
  },
});
const show = (shop: Shop | undefined): void => render(<FirstView shop={shop} words={base.words.peek()} />, root);
let started = false;
show(base.shelf.get<Shop>(SHOP));
http(`${base.endpoints().config}/config`).then(
  ({ body }) => {
    base.shelf.set(SHOP, parseShop(body));
    if (!started) show(parseShop(body));
  },
  () => {}, // the live link asks again
);
const { start } = await whole;
started = true;
start(base, root);
