import type { RateLimit } from "./types.ts";

/** How often one caller may use the routes of a class. Conference guests share few addresses, so what can be counted by user is. Reading is cheap, and a phone that reconnects reads a lot at once. */
export const rateLimits: readonly RateLimit[] = [
  { class: "read", per: "user", burst: 1200, perMinute: 600 },
  { class: "act", per: "user", burst: 60, perMinute: 300 },
  { class: "scan", per: "user", burst: 30, perMinute: 60 },
  { class: "signIn", per: "address", burst: 200, perMinute: 200 },
  { class: "pairing", per: "address", burst: 300, perMinute: 600 },
];
