/** The pairing of displays and tablets: a device asks for a code to show. */
import { z } from "zod";

/** The name that the device gives itself. */
export const PairingBody = z.strictObject({ deviceName: z.string().max(80).default("") });
export type PairingBody = z.infer<typeof PairingBody>;
