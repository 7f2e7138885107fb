/** What a guest has chosen so far. Kept on the phone, so that a reload or a refusal loses no keystroke. */
import type { Order } from "../../ui/src/orders.ts";
import type { MenuItem } from "../../ui/src/shop.ts";

/** What a guest has chosen so far; kept on the phone until the order is sent. */
export interface Draft {
  readonly drink: string;
  /** The option chosen in each group, by the group's name. */
  readonly options: Readonly<Record<string, string>>;
  readonly name: string;
  readonly note: string;
}

/** The draft of a guest who has chosen nothing. */
export const emptyDraft: Draft = { drink: "", options: {}, name: "", note: "" };

/** The longest note and name the API takes. */
export const NOTE_LENGTH = 80;
/** The longest name the API takes, in characters. */
export const NAME_LENGTH = 40;

/** The options of a drink under this draft: what was chosen where the menu still has it, else the first of each group. */
export function chosenOptions(item: MenuItem, draft: Draft): Record<string, string> {
  return Object.fromEntries(
    item.modifiers.map(({ name, options }) => {
      const wanted = draft.options[name];
      return [name, wanted !== undefined && options.includes(wanted) ? wanted : (options[0] ?? "")];
    }),
  );
}

/** The body of the submission. */
export function submission(item: MenuItem, draft: Draft): Record<string, unknown> {
  const modifiers = Object.values(chosenOptions(item, draft)).filter((option) => option !== "");
  const { name, note } = draft;
  return { drink: item.drink, modifiers, ...(name && { name }), ...(note && { note }) };
}

/** The draft that orders the same once more; an option the menu has dropped is left to its default. */
export function sameAgain(order: Order, menu: readonly MenuItem[]): Draft {
  const item = menu.find(({ drink }) => drink === order.drink);
  const chosen = (item?.modifiers ?? []).flatMap(({ name, options }) => {
    const option = order.modifiers.find((modifier) => options.includes(modifier));
    return option === undefined ? [] : [[name, option] as const];
  });
  return { drink: order.drink, options: Object.fromEntries(chosen), name: order.name, note: order.note };
}
