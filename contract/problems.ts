/** The problems (RFC 9457) that the API answers, by slug. A problem's `type` is `urn:serverlesspresso:problem:` and its slug. */

/** RFC 9457. `errors` names each fault where there can be several. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** HTTP status and title of each problem. */
export const problemTypes = {
  "invalid-request": [400, "The request cannot be understood"],
  "unknown-action": [400, "Unknown action"],
  "unknown-code": [400, "Unknown code"],
  "not-signed-in": [401, "Sign in first"],
  "not-allowed": [403, "Not allowed"],
  "accounts-required": [403, "An account is required"],
  "not-found": [404, "Nothing here"],
  "order-not-found": [404, "No such order"],
  "method-not-allowed": [405, "Not done this way"],
  "order-limit": [409, "You have an open order"],
  "daily-limit": [409, "That was your last drink for today"],
  "order-busy": [409, "Somebody was faster"],
  "order-finished": [409, "The order is finished"],
  "order-not-placed": [409, "No drink chosen yet"],
  "order-timed-out": [409, "Too late"],
  "order-already-placed": [409, "Already ordered"],
  "order-already-claimed": [409, "Already being made"],
  "order-not-being-made": [409, "Not being made"],
  "order-not-completed": [409, "Nothing to call"],
  "code-expired": [410, "This code is over"],
  "payload-too-large": [413, "Too large"],
  "unsupported-media-type": [415, "Not in this form"],
  "misdirected-request": [421, "Not served here"],
  "wrong-order": [422, "This order cannot be made"],
  "idempotency-key-reused": [422, "Key already used"],
  "invalid-body": [422, "The request's content is wrong"],
  "no-drinks-left": [429, "No drinks left"],
  "device-limit": [429, "Enough for this phone"],
  "too-many-wrong-codes": [429, "Too many wrong codes"],
  "too-many-requests": [429, "Too many requests"],
  "internal-error": [500, "Something went wrong"],
  "shop-closed": [503, "The shop is closed"],
  unavailable: [503, "Out of service"],
} as const satisfies Record<string, readonly [number, string]>;
/** The last part of a problem's type. */
export type ProblemSlug = keyof typeof problemTypes;

/** Returns the `type` of a problem. */
export function problemType(slug: ProblemSlug): string {
  return `urn:serverlesspresso:problem:${slug}`;
}

/** Returns a problem of a known kind; `detail` is a sentence that the app can show. */
export function problem(slug: ProblemSlug, detail: string, errors?: Problem["errors"]): Problem {
  const [status, title] = problemTypes[slug];
  return { type: problemType(slug), title, status, detail, ...(errors === undefined ? {} : { errors }) };
}
