/**
 * The numbers of the config item: defaults, bounds, units. Who reads them: the API, the services, the workflow, the apps.
 *
 * F1. What is missing, is no number or rounds to less than `minimum` counts as `default`.
 * F2. A number is rounded, half a one upwards; what is more than `maximum` counts as `maximum`.
 */

/** What a number counts. */
export type ConfigUnit = "orders" | "drinks" | "minutes" | "seconds";

/** One number of the config item. */
export interface ConfigField {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: ConfigUnit;
}

/** Every number of the config item. The order processor's definition repeats those it needs; a test compares them. */
export const configFields = {
  maxOrdersInQueue: {
    default: 20,
    minimum: 1,
    maximum: 400,
    unit: "orders",
  },
  maxOrdersPerUser: {
    default: 1,
    minimum: 1,
    maximum: 50,
    unit: "orders",
  },
  drinksPerBarcode: {
    default: 10,
    minimum: 1,
    maximum: 10_000,
    unit: "drinks",
  },
  barcodeMinutes: {
    default: 5,
    minimum: 1,
    maximum: 1440,
    unit: "minutes",
  },
  customerTimeoutSeconds: {
    default: 300,
    minimum: 1,
    maximum: 86_400,
    unit: "seconds",
  },
  baristaTimeoutSeconds: {
    default: 900,
    minimum: 1,
    maximum: 86_400,
    unit: "seconds",
  },
  maxDrinksPerUserPerDay: {
    default: 0,
    minimum: 0,
    maximum: 1000,
    unit: "drinks",
  },
  maxOrdersPerDevicePerWindow: {
    default: 3,
    minimum: 0,
    maximum: 10_000,
    unit: "orders",
  },
} as const satisfies Readonly<Record<string, ConfigField>>;
/** The name of a number, as in the config item. */
export type ConfigFieldName = keyof typeof configFields;
/** Every name, in the order of the settings form. */
export const configFieldNames = Object.keys(configFields) as ConfigFieldName[];

/** What each number limits, in a sentence for operators. It stands apart, so that functions which only check bounds do not carry it. */
export const configSentences: Readonly<Record<ConfigFieldName, string>> = {
  maxOrdersInQueue: "The most orders that the bar works on at once; the shop refuses further ones.",
  maxOrdersPerUser: "The most open orders of one guest.",
  drinksPerBarcode: "The drinks that one QR code gives.",
  barcodeMinutes: "How long one QR code is valid.",
  customerTimeoutSeconds: "How long a guest has to choose a drink.",
  baristaTimeoutSeconds: "How long the bar has to complete an order.",
  maxDrinksPerUserPerDay: "The most drinks of one guest on one day; 0 sets no limit.",
  maxOrdersPerDevicePerWindow: "The most orders from one phone with one QR code; 0 sets no limit.",
};

/** Returns what a stored value counts as (F1, F2). */
export function configValue(name: ConfigFieldName, value: unknown): number {
  const { default: usual, minimum, maximum }: ConfigField = configFields[name];
  // Not Math.round: the workflow's JSONata has this same sum.
  const whole = typeof value === "number" ? Math.floor(value + 0.5) : Number.NaN;
  return whole >= minimum ? Math.min(whole, maximum) : usual;
}
