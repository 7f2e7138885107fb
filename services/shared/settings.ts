import type { Settings } from "@serverlesspresso/ports";

/** What holds where the operator decides nothing else. */
export const usualSettings: Settings = { guestsAllowed: true, guestsPerAddress: 1000, guestsPerDevice: 30 };
