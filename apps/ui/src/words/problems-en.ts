import type { ProblemSlug } from "@serverlesspresso/contract";

/** The API's problems, for the apps that order and make drinks. For a type that is not here the server's own sentence is shown. */
export const problems = {
  "unknown-code": "The bar does not know this code. Please scan the one on the display.",
  "not-signed-in": "Please sign in again.",
  "not-allowed": "This is not allowed with your account.",
  "accounts-required": "The bar asks for an account. Please sign in with e-mail and password.",
  "order-not-found": "This order does not exist.",
  "order-limit": "You have as many open orders as the bar allows. Finish one first.",
  "daily-limit": "You have had all the drinks the bar serves one guest a day. See you tomorrow!",
  "device-limit": "This phone has had its share of this code. Scan the next one.",
  "order-busy": "Somebody changed this order at the same moment. Please look again.",
  "order-finished": "This order is already finished.",
  "order-not-placed": "No drink has been chosen yet.",
  "order-timed-out": "The time for this order was over.",
  "order-already-placed": "This order already has its drink.",
  "order-already-claimed": "Another barista is making this one.",
  "order-not-being-made": "Nobody is making this order.",
  "order-not-completed": "This order is not ready to be called.",
  "code-expired": "This code has run out. Please scan the new one on the display.",
  "wrong-order": "The bar cannot make this drink as ordered. Perhaps it has just sold out.",
  "invalid-body": "Something in this order is not right. Please check it.",
  "no-drinks-left": "All drinks of this code are taken. Watch the display for the next code.",
  "too-many-wrong-codes": "Too many wrong codes. Please wait a minute.",
  "too-many-requests": "A lot is going on right now. Please try again in a moment.",
  "internal-error": "The bar's computer stumbled. Please try again.",
  "shop-closed": "The bar is closed at the moment.",
  unavailable: "The bar's computer is catching its breath. Please try again in a moment.",
} satisfies Partial<Record<ProblemSlug, string>>;

/** The shape of the sentences for the API's problems. */
export type ProblemWords = Record<keyof typeof problems, string>;
