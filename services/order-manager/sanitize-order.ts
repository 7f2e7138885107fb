/**
 * Checks a chosen drink against the menu. Pure.
 *
 * M1. A drink is right that the menu has and that is not sold out, with options it offers, none twice and at most one of a group.
 * M2. All that is wrong is said at once, each fault with its field.
 * M3. Options are kept in the menu's order, so that the same drink is always written the same.
 * M4. What an order has already is its own measure: the very same choice again is a repeat, even if the drink has sold out since;
 *     another choice comes too late.
 * M5. Name and note are lines of text without characters that cannot be seen; without a name the guest's own is kept.
 */
import { displayText, type Problem, problem } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { z } from "zod";
import { taskFunction } from "../edges/task-function.ts";
import { AnyObject, isJsonObject } from "../shared/json.ts";
import { plainValue } from "../shared/plain-image.ts";

/** A drink of the menu and the modifiers that it allows. */
export interface MenuEntry {
  readonly drink: string;
  readonly available: boolean;
  readonly modifiers: readonly { readonly Name: string; readonly Options: readonly string[] }[];
}
/** What is known of the order beforehand. */
export interface ChosenBefore {
  readonly state: string;
  readonly drinkOrder: JsonValue;
  readonly name: string;
  readonly note: string;
}
/** What the check of an order found. */
export type Verdict =
  | { readonly verdict: "right"; readonly drinkOrder: DrinkOrder; readonly name: string; readonly note: string }
  | { readonly verdict: "repeated"; readonly drinkOrder: DrinkOrder; readonly name: string; readonly note: string }
  | { readonly verdict: "placed" }
  | { readonly verdict: "wrong"; readonly problem: Problem };
interface DrinkOrder {
  readonly drink: string;
  readonly modifiers: readonly string[];
}
type Fault = NonNullable<Problem["errors"]>[number];

const mostNameCharacters = 40;
const mostNoteCharacters = 80;
const mostModifiers = 20;

/** What the workflow passes: the menu as DynamoDB's `GetItem` answers it. */
const Task = z.object({
  body: z.json(),
  menu: AnyObject,
  order: z.object({ state: z.string(), drinkOrder: z.json(), name: z.string(), note: z.string() }),
});

/** The workflow's function. */
export const sanitizeOrderFunction = taskFunction(
  Task,
  () =>
    async ({ body, menu, order }) =>
      jsonOf(sanitizeOrder(body, parseMenu(menu), order)),
);

function jsonOf(verdict: Verdict): JsonValue {
  switch (verdict.verdict) {
    case "placed":
      return { verdict: "placed" };
    case "wrong": {
      const { errors = [], ...problem } = verdict.problem;
      return { verdict: "wrong", problem: { ...problem, errors: errors.map((fault) => ({ ...fault })) } };
    }
    default: {
      const { drink, modifiers } = verdict.drinkOrder;
      return { ...verdict, drinkOrder: { drink, modifiers } };
    }
  }
}

/** The verdict on what a guest sent. */
export function sanitizeOrder(body: JsonValue, menu: readonly MenuEntry[], order: ChosenBefore): Verdict {
  const faults: Fault[] = [];
  const fields = isJsonObject(body) ? body : {};
  const name = readLine(fields.name ?? order.name, "name", mostNameCharacters, faults);
  const note = readLine(fields.note ?? order.note, "note", mostNoteCharacters, faults);
  const drinkOrder = readDrink(fields, menu, faults);
  if (order.state !== "CREATED") {
    const isSame = isSameDrink(order.drinkOrder, drinkOrder) && name === order.name && note === order.note;
    return isSame ? { verdict: "repeated", drinkOrder, name, note } : { verdict: "placed" };
  }
  faults.push(...drinkFaults(drinkOrder, menu));
  const [first] = faults;
  if (first === undefined) return { verdict: "right", drinkOrder, name, note };
  return { verdict: "wrong", problem: problem("wrong-order", faults.map(({ message }) => message).join(" "), faults) };
}

/** The drink and its options as they would be stored (M3). */
function readDrink(fields: JsonObject, menu: readonly MenuEntry[], faults: Fault[]): DrinkOrder {
  const { drink, modifiers = [] } = fields;
  const options = optionsOf(modifiers);
  if (options === undefined) faults.push({ field: "modifiers", message: "Options are a short list of names." });
  const name = typeof drink === "string" ? drink : "";
  const offered = menu.find((entry) => entry.drink === name)?.modifiers.flatMap(({ Options }) => Options) ?? [];
  const place = (option: string): number => (offered.includes(option) ? offered.indexOf(option) : offered.length);
  return { drink: name, modifiers: (options ?? []).toSorted((a, b) => place(a) - place(b)) };
}

function optionsOf(modifiers: JsonValue): readonly string[] | undefined {
  if (!Array.isArray(modifiers) || modifiers.length > mostModifiers) return undefined;
  const names = modifiers.filter((one) => typeof one === "string");
  return names.length === modifiers.length ? names : undefined;
}

/** M1. */
function drinkFaults({ drink, modifiers }: DrinkOrder, menu: readonly MenuEntry[]): Fault[] {
  const entry = menu.find((one) => one.drink === drink);
  if (entry === undefined)
    return [{ field: "drink", message: drink === "" ? "Choose a drink." : `There is no ${quoted(drink)} on the menu.` }];
  if (!entry.available) return [{ field: "drink", message: `${drink} is sold out.` }];
  const faults = modifiers.flatMap((option, at): Fault[] => {
    const field = "modifiers";
    if (!entry.modifiers.some(({ Options }) => Options.includes(option))) {
      return [{ field, message: `${drink} has no option ${quoted(option)}.` }];
    }
    return modifiers.indexOf(option) < at ? [{ field, message: `The option ${quoted(option)} was chosen twice.` }] : [];
  });
  for (const { Name, Options } of entry.modifiers) {
    const chosen = new Set(modifiers.filter((option) => Options.includes(option)));
    if (chosen.size > 1) faults.push({ field: "modifiers", message: `Only one of ${Name} can be chosen: ${[...chosen].join(" or ")}.` });
  }
  return faults;
}

/** M5. */
function readLine(value: JsonValue | undefined, field: string, most: number, faults: Fault[]): string {
  const text = typeof value === "string" ? displayText(value) : "";
  if (value !== undefined && typeof value !== "string") faults.push({ field, message: `The ${field} is a line of text.` });
  if ([...text].length > most) faults.push({ field, message: `The ${field} has at most ${most} characters.` });
  return text;
}

/** Returns the menu from its item, without invalid entries. */
function parseMenu(answer: JsonObject): MenuEntry[] {
  const value = isJsonObject(answer.Item) ? plainValue(answer.Item.value ?? null) : null;
  return (Array.isArray(value) ? value : []).filter(isJsonObject).map((entry) => ({
    drink: String(entry.drink ?? ""),
    available: entry.available === true,
    modifiers: (Array.isArray(entry.modifiers) ? entry.modifiers : []).filter(isJsonObject).map(({ Name, Options }) => ({
      Name: String(Name ?? ""),
      Options: (Array.isArray(Options) ? Options : []).map(String),
    })),
  }));
}

function isSameDrink(before: JsonValue, now: DrinkOrder): boolean {
  if (!isJsonObject(before)) return false;
  const list = (values: JsonValue | undefined): string => JSON.stringify((Array.isArray(values) ? values : []).map(String).sort());
  return before.drink === now.drink && list(before.modifiers) === list(now.modifiers);
}

/** What a guest sent, shortened for a sentence. */
function quoted(text: string): string {
  return JSON.stringify(displayText(text).slice(0, 40));
}
