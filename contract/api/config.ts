/** The configuration routes of docs/spec.md section 4. */
import { z } from "zod";
import { type ConfigField, type ConfigFieldName, configFieldNames, configFields } from "../config-fields.ts";
import { displayText } from "../display-text.ts";

const label = z
  .string()
  .min(1)
  .max(60)
  .refine((text) => displayText(text) === text, "A name has invisible characters or spaces at its ends.");
const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** One group of options, of which at most one is chosen. */
const ModifierGroup = z.strictObject({ Name: label, Options: z.array(label).min(1).max(20) });
const MenuEntry = z
  .strictObject({
    drink: label,
    icon: z.string().regex(/^[a-z0-9_-]{1,60}$/i),
    available: z.boolean(),
    modifiers: z.array(ModifierGroup).max(10),
  })
  .refine((entry) => unique(entry.modifiers.map(({ Name }) => Name)), "Two option groups of one drink have the same name.")
  .refine((entry) => unique(entry.modifiers.flatMap(({ Options }) => Options)), "One option stands twice under one drink.");

/** The whole menu, in the order in which it is shown. */
const Menu = z
  .array(MenuEntry)
  .min(1)
  .max(100)
  .refine((menu) => unique(menu.map(({ drink }) => drink)), "Two entries have the same drink.");
/** The list itself, or an object that holds it. */
export const MenuBody = z.union([Menu, z.strictObject({ menu: Menu })]);
export type MenuBody = z.infer<typeof MenuBody>;

const timeZone = z.string().max(64).refine(isTimeZone, "There is no such time zone: expected a name such as Europe/Lisbon.");

/** Returns a schema for every number of the config item. */
function forEachField(schemaOf: (field: ConfigField) => z.ZodNumber): Record<ConfigFieldName, z.ZodNumber> {
  return Object.fromEntries(configFieldNames.map((name) => [name, schemaOf(configFields[name])])) as Record<ConfigFieldName, z.ZodNumber>;
}

/** What can be changed while the system runs; what is left out stays. */
export const ConfigBody = z
  .strictObject({
    ...forEachField(({ minimum, maximum }) => z.number().int().min(minimum).max(maximum)),
    timeZone,
    subCode: z.boolean(),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "There is nothing to change.")
  .meta({ examples: [{ baristaTimeoutSeconds: 900 }] });
export type ConfigBody = z.infer<typeof ConfigBody>;

/** `minutes` pauses: a shop closed for so long opens again by itself. */
export const StoreQuery = z
  .strictObject({ state: z.enum(["open", "closed"]), minutes: z.coerce.number().int().min(1).max(1440).optional() })
  .refine(({ state, minutes }) => state === "closed" || minutes === undefined, "Only a closed shop has minutes to wait.");

/** `reopensAt` (ISO 8601) is the end of a pause, else null. With `subCode` the QR code changes every 30 s. */
export const Config = z.strictObject({
  storeOpen: z.boolean(),
  reopensAt: z.string().nullable(),
  ...forEachField(() => z.number()),
  timeZone: z.string(),
  subCode: z.boolean(),
  menu: z.array(
    z.strictObject({
      drink: z.string(),
      icon: z.string(),
      available: z.boolean(),
      modifiers: z.array(z.strictObject({ Name: z.string(), Options: z.array(z.string()) })),
    }),
  ),
});
export type Config = z.infer<typeof Config>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
