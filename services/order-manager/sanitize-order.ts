/**
 * Checks a chosen drink against the menu. Pure.
 *
 * M1. A drink is right that the menu has and that is not sold out, with options it offers, none twice and at most one of a group.
 * M2. All that is wrong is said at once, each fault with its field.
 * M3. Options are kept in the menu's order, so that the same drink is always written the same.
 * M4. What is wrong is answered with the choice as it was read, so that the workflow can tell a repeat of what was ordered before the
 *     drink sold out.
 * M5. Name and note are lines of text without characters that cannot be seen.
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
/** What the check of an order found. */
export type Verdict = Chosen & ({ readonly verdict: "right" } | { readonly verdict: "wrong"; readonly problem: Problem });
/** A choice as it would be stored. */
interface Chosen {
  readonly drinkOrder: DrinkOrder;
  readonly name: string;
  readonly note: string;
}
interface DrinkOrder {
  readonly drink: string;
  readonly modifiers: readonly string[];
}
type Fault = NonNullable<Problem["errors"]>[number];

const mostNameCharacters = 40;
const mostNoteCharacters = 80;
const mostModifiers = 20;

/** What the workflow passes: the menu as DynamoDB's `GetItem` answers it. */
const Task = z.object({ body: z.json(), menu: AnyObject });

/** The workflow's function. */
export const sanitizeOrderFunction = taskFunction(
  Task,
  () =>
    async ({ body, menu }) =>
      jsonOf(sanitizeOrder(body, parseMenu(menu))),
);

function jsonOf(verdict: Verdict): JsonValue {
  const { drink, modifiers } = verdict.drinkOrder;
  const chosen = { ...verdict, drinkOrder: { drink, modifiers } };
  if (chosen.verdict === "right") return chosen;
  const { errors = [], ...problem } = chosen.problem;
  return { ...chosen, problem: { ...problem, errors: errors.map((fault) => ({ ...fault })) } };
}

/** The verdict on what a guest sent. */
export function sanitizeOrder(body: JsonValue, menu: readonly MenuEntry[]): Verdict {
  const faults: Fault[] = [];
  const fields = isJsonObject(body) ? body : {};
  const name = readLine(fields.name ?? "", "name", mostNameCharacters, faults);
  const note = readLine(fields.note ?? "", "note", mostNoteCharacters, faults);
  const drinkOrder = readDrink(fields, menu, faults);
  faults.push(...drinkFaults(drinkOrder, menu));
  const chosen = { drinkOrder, name, note };
  if (faults.length === 0) return { verdict: "right", ...chosen };
  return { verdict: "wrong", ...chosen, problem: problem("wrong-order", faults.map(({ message }) => message).join(" "), faults) };
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
    return [{ field: "drink", message: drink === "" ? "Choose a drink first." : `There is no ${quoted(drink)} on the menu.` }];
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

/** What a guest sent, shortened for a sentence. */
function quoted(text: string): string {
  return JSON.stringify(displayText(text).slice(0, 40));
}
