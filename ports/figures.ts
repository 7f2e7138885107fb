/**
 * The figures of the config item, for whoever reads them: the API, the services and the workflow.
 *
 * F1. What is missing, is no number or rounds to less than `least` counts as `usual`.
 * F2. A number is rounded, half a one upwards; what is more than `most` counts as `most`.
 */
export interface FigureBounds {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

/** Every figure with its default and its bounds. The order processor's definition repeats those it needs; a test compares them. */
export const figureBounds = {
  maxOrdersInQueue: { usual: 20, least: 1, most: 400 },
  maxOrdersPerUser: { usual: 1, least: 1, most: 50 },
  drinksPerBarcode: { usual: 10, least: 1, most: 10_000 },
  barcodeMinutes: { usual: 5, least: 1, most: 1440 },
  customerTimeoutSeconds: { usual: 300, least: 1, most: 86_400 },
  baristaTimeoutSeconds: { usual: 900, least: 1, most: 86_400 },
  maxDrinksPerUserPerDay: { usual: 0, least: 0, most: 1000 },
  maxOrdersPerDevicePerWindow: { usual: 3, least: 0, most: 10_000 },
} as const satisfies Readonly<Record<string, FigureBounds>>;
export type FigureName = keyof typeof figureBounds;
export const figureNames = Object.keys(figureBounds) as FigureName[];

/** What a stored value counts as (F1, F2). */
export function figureOf(name: FigureName, value: unknown): number {
  const { usual, least, most }: FigureBounds = figureBounds[name];
  // Not Math.round: the workflow's JSONata has this same sum.
  const whole = typeof value === "number" ? Math.floor(value + 0.5) : Number.NaN;
  return whole >= least ? Math.min(whole, most) : usual;
}
