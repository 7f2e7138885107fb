import { useSignal } from "@preact/signals";
import { DrinkIcon, drinkIcons } from "../../../ui/src/components/drink-icon.tsx";
import { Switch } from "../../../ui/src/components/switch.tsx";
import type { MenuItem } from "../../../ui/src/shop.ts";
import { putMenu } from "../../../ui/src/shop-admin.ts";
import { useConsole } from "../app-context.ts";
import { parseOptions, printOptions } from "../menu-text.ts";
import { SavedForm } from "./saved-form.tsx";

interface Row {
  readonly id: number;
  readonly item: Omit<MenuItem, "modifiers">;
  readonly options: string;
}

/** The menu as a form: drinks, their pictures, options and order. Saved as a whole. */
export function MenuEditor() {
  const { kit, shop, readShop } = useConsole();
  const words = kit.words.value;
  const rows = useSignal<readonly Row[] | undefined>(undefined);
  const menu = shop.value?.menu;
  if (!menu) return <p role="status">{words.loading}</p>;
  const shown = rows.value ?? menu.map(({ modifiers, ...item }, id) => ({ id, item, options: printOptions(modifiers) }));
  const change = (row: Row, next: Partial<Row>): void =>
    void (rows.value = shown.map((other) => (other.id === row.id ? { ...other, ...next } : other)));
  const add = (): void => {
    const id = Math.max(-1, ...shown.map((row) => row.id)) + 1;
    rows.value = [...shown, { id, item: { drink: words.menu.newDrink, icon: "coffee-of-the-day", available: true }, options: "" }];
  };
  const moveUp = (index: number): void => {
    const next = [...shown];
    const [row] = next.splice(index, 1);
    if (row) next.splice(index - 1, 0, row);
    rows.value = next;
  };
  const save = async (): Promise<string> => {
    await putMenu(
      kit.api,
      shown.map(({ item, options }) => ({ ...item, modifiers: parseOptions(options) })),
    );
    await readShop();
    rows.value = undefined;
    return words.saved;
  };
  return (
    <SavedForm submit={words.menu.save} onSubmit={save}>
      <ul class="stack">
        {shown.map((row, index) => (
          <li key={row.id} class="card stack">
            <DrinkFields row={row} onChange={(next) => change(row, next)} />
            <div class="row">
              {index > 0 && (
                <button type="button" class="button small" aria-label={words.menu.up(row.item.drink)} onClick={() => moveUp(index)}>
                  ↑
                </button>
              )}
              <button
                type="button"
                class="button small danger"
                onClick={() => void (rows.value = shown.filter((other) => other.id !== row.id))}
              >
                {words.menu.remove(row.item.drink)}
              </button>
            </div>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={add}>
        {words.menu.add}
      </button>
    </SavedForm>
  );
}

function DrinkFields({ row, onChange }: { row: Row; onChange: (next: Partial<Row>) => void }) {
  const words = useConsole().kit.words.value.menu;
  const { item, options } = row;
  return (
    <div class="drink-fields">
      <DrinkIcon icon={item.icon} />
      <label class="field">
        <span>{words.drink}</span>
        <input
          value={item.drink}
          maxLength={60}
          required
          onInput={({ currentTarget }) => onChange({ item: { ...item, drink: currentTarget.value } })}
        />
      </label>
      <label class="field">
        <span>{words.icon}</span>
        <select value={item.icon} onChange={({ currentTarget }) => onChange({ item: { ...item, icon: currentTarget.value } })}>
          {[...new Set([...drinkIcons, item.icon])].map((icon) => (
            <option key={icon} value={icon}>
              {icon}
            </option>
          ))}
        </select>
      </label>
      <label class="field wide">
        <span>
          {words.options}
          <small>{words.optionsHint}</small>
        </span>
        <textarea rows={2} value={options} onInput={({ currentTarget }) => onChange({ options: currentTarget.value })} />
      </label>
      <Switch checked={item.available} onSwitch={(available) => onChange({ item: { ...item, available } })}>
        {words.available}
      </Switch>
    </div>
  );
}
