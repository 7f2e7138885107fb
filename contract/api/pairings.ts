/** The pairing of displays and tablets: a device asks for a code to show, an operator confirms it, the device is given tokens. */
import { z } from "zod";
import { line } from "./text.ts";

/** The name that the device gives itself. */
export const PairingBody = z.strictObject({ deviceName: line(80).default("") });

/** The code as it was typed: in any case, with spaces or dashes. */
export const PairingPath = z.strictObject({ code: z.string() });

/** What a device asks for, shows, and polls with. */
export const StartedPairing = z.strictObject({
  /** Six characters to be typed or read aloud. */
  code: z.string(),
  deviceSecret: z.string(),
  expiresMs: z.number().int(),
});
export type StartedPairing = z.infer<typeof StartedPairing>;

/** A code that no operator has confirmed yet. */
export const WaitingPairing = z.strictObject({ status: z.literal("waiting") });

/** The device that was let in. Its user is made, under this id, when it fetches its tokens. */
export const ConfirmedPairing = z.strictObject({ deviceName: z.string(), userId: z.uuid() });
export type ConfirmedPairing = z.infer<typeof ConfirmedPairing>;
