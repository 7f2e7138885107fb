import type { ProblemSlug } from "@serverlesspresso/contract";

/** A refusal in words: RFC 9457 from the API, or the user pool's `{__type, message}`. Programs switch on `type`; `message` is for people. */
export class Problem extends Error {
  override readonly name = "Problem";
  /** The last part of the problem's type, such as `no-drinks-left`, or the user pool's error name. */
  readonly type: string;
  readonly status: number;
  /** From `Retry-After`, in ms of real time; 0 where it is absent. */
  readonly retryAfterMs: number;
  constructor(type: string, status: number, message: string, retryAfterMs = 0) {
    super(message);
    this.type = type;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads whatever body came with an error status. */
export function parseProblem(status: number, body: unknown, retryAfter: string | null): Problem {
  const record = (typeof body === "object" && body ? body : {}) as Record<string, unknown>;
  const type = text(record.type ?? record.__type);
  const message = text(record.detail) || text(record.message) || text(record.title) || `HTTP ${status}`;
  return new Problem(type.split(/[/#:]/).at(-1) ?? "", status, message, Number(retryAfter ?? 0) * 1000 || 0);
}

/** Outcomes of the domain whose status alone would look like an overloaded server. */
const final: ReadonlySet<string> = new Set<ProblemSlug>(["shop-closed", "no-drinks-left", "device-limit", "too-many-wrong-codes"]);

/** Whether the request was refused without a valid sign-in, and may succeed after the next one. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && (error.status === 401 || error.type === "NotAuthorizedException");
}

/** Whether the same request may succeed later by itself: no answer, or a server that asks for patience. */
export function mayRetry(error: unknown): boolean {
  if (!(error instanceof Problem)) return true;
  const { status, type } = error;
  return (status >= 500 || status === 408 || status === 429) && !final.has(type);
}
