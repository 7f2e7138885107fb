import type { Shop } from "../../../ui/src/shop.ts";
import type { Words } from "../words/en.ts";
import { Menu } from "./menu.tsx";

/** The menu alone: all that has to arrive before a guest can read what there is. */
export function FirstView({ shop, words }: { shop: Shop | undefined; words: Words }) {
  return (
    <>
      <header class="top">
        <p class="brand">Serverlesspresso</p>
      </header>
      <main class="screen home">
        <h1>{words.welcome}</h1>
        <h2>{words.menu}</h2>
        <Menu shop={shop} words={words} />
      </main>
    </>
  );
}
