import { type cost, UsageError, type Values } from "@serverlesspresso/commands";
import type { Deployment } from "../../platforms/aws/cost/deployment.ts";
import { type JourneyMix, type JourneyName, journeyNames, usualMix } from "./journeys.ts";

/** What a bill or a table of rates is made for. */
export interface Options {
  readonly mix: JourneyMix;
  /** What differs from the usual deployment. */
  readonly deployment: Partial<Deployment>;
}

/** Returns the mix of journeys and what differs from the usual deployment. @throws {UsageError} */
export function optionsOf({ days, screens, visitsPerGuest, guestAccounts, journeyMix }: Values<typeof cost.settings>): Options {
  return {
    mix: journeyMix === undefined ? usualMix : mixOf(journeyMix),
    deployment: {
      ...(days !== undefined && { days }),
      ...(screens !== undefined && { screens }),
      ...(visitsPerGuest !== undefined && { visitsPerGuest }),
      ...(guestAccounts !== undefined && { guestAccounts }),
    },
  };
}

/** Shares by journey; 0 for a journey that is not named. */
function mixOf(text: string): JourneyMix {
  const shares = new Map<string, number>();
  for (const part of text.split(",")) {
    const [name = "", share = ""] = part.split("=");
    if (!(journeyNames as readonly string[]).includes(name))
      throw new UsageError(`--journey-mix names "${name}", expected ${journeyNames.join(", ")}`);
    if (share === "" || !(Number(share) >= 0))
      throw new UsageError(`--journey-mix has the share "${share}" for ${name}, expected a number`);
    shares.set(name, Number(share));
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  if (Math.abs(total - 1) > 1e-9) throw new UsageError(`--journey-mix has shares that come to ${total}, expected 1`);
  return Object.fromEntries(journeyNames.map((name) => [name, shares.get(name) ?? 0])) as Record<JourneyName, number>;
}
