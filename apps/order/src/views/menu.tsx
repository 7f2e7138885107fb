import { DrinkIcon } from "../../../ui/src/components/drink-icon.tsx";
import type { MenuItem, Shop } from "../../../ui/src/shop.ts";
import type { Words } from "../words/en.ts";

interface MenuProps {
  readonly shop: Shop | undefined;
  readonly words: Words;
  readonly onPick?: (item: MenuItem) => void;
}

/** The menu; with `onPick` its drinks can be taken. */
export function Menu({ shop, words, onPick }: MenuProps) {
  if (!shop) {
    return (
      <p class="row muted loading" role="status">
        <span class="spinner" aria-hidden="true" />
        {words.loading}
      </p>
    );
  }
  return (
    <ul class="menu">
      {shop.menu.map((item) => (
        <li key={item.drink} class={item.available ? "" : "gone"}>
          {onPick ? (
            <button type="button" class="menu-card" disabled={!item.available} onClick={() => onPick(item)}>
              <MenuCard item={item} words={words} />
            </button>
          ) : (
            <div class="menu-card">
              <MenuCard item={item} words={words} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function MenuCard({ item, words }: { item: MenuItem; words: Words }) {
  const options = item.modifiers.flatMap((group) => group.options);
  return (
    <>
      <DrinkIcon icon={item.icon} />
      <span class="drink">{item.drink}</span>
      <span class="muted options">{item.available ? options.join(" · ") : <strong class="sold-out">{words.soldOut}</strong>}</span>
    </>
  );
}
