import { parseArgs } from "node:util";
import type { Deployment } from "../../platforms/aws/cost/deployment.ts";
import { type JourneyMix, type JourneyName, journeyNames, usualMix } from "./journeys.ts";

export interface Options {
  readonly json: boolean;
  /** How fast each thing happens, in place of what it costs. */
  readonly rates: boolean;
  /** Orders of a day, in place of the usual three columns. */
  readonly guests: number | undefined;
  readonly mix: JourneyMix;
  readonly deployment: Partial<Deployment>;
}

/** What was asked for cannot be; the message says why. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

export const usage = `npm run cost -- [--json] [--rates] [--orders N] [--journey-mix completed=0.9,cancelled=0.1]
  [--days N] [--screens N] [--visits N] [--guest-accounts cognito|none]
journeys: ${journeyNames.join(", ")}`;

/** @throws {OptionError} */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  const deployment = {
    ...(values.days !== undefined && { days: whole("--days", values.days) }),
    ...(values.screens !== undefined && { screens: whole("--screens", values.screens) }),
    ...(values.visits !== undefined && { visitsPerGuest: whole("--visits", values.visits) }),
    ...(values["guest-accounts"] !== undefined && { guestAccounts: accountsOf(values["guest-accounts"]) }),
  };
  return {
    json: values.json === true,
    rates: values.rates === true,
    guests: values.orders === undefined ? undefined : whole("--orders", values.orders, 0),
    mix: values["journey-mix"] === undefined ? usualMix : mixOf(values["journey-mix"]),
    deployment,
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    json: { type: "boolean" },
    rates: { type: "boolean" },
    orders: text,
    "journey-mix": text,
    days: text,
    screens: text,
    visits: text,
    "guest-accounts": text,
  } as const;
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new OptionError((error as Error).message);
  }
}

function accountsOf(text: string): Deployment["guestAccounts"] {
  if (text !== "cognito" && text !== "none") throw new OptionError(`--guest-accounts is "${text}", expected cognito or none`);
  return text;
}

function whole(name: string, text: string, least = 1): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new OptionError(`${name} is "${text}", expected a whole number from ${least}`);
  return value;
}

/** Shares by journey; what is not named has none. */
function mixOf(text: string): JourneyMix {
  const shares = new Map<string, number>();
  for (const part of text.split(",")) {
    const [name = "", share = ""] = part.split("=");
    if (!(journeyNames as readonly string[]).includes(name)) throw new OptionError(`--journey-mix: there is no journey "${name}"`);
    if (share === "" || !(Number(share) >= 0))
      throw new OptionError(`--journey-mix: the share of ${name} is "${share}", expected a number`);
    shares.set(name, Number(share));
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  if (Math.abs(total - 1) > 1e-9) throw new OptionError(`--journey-mix: the shares come to ${total}, expected 1`);
  return Object.fromEntries(journeyNames.map((name) => [name, shares.get(name) ?? 0])) as Record<JourneyName, number>;
}
