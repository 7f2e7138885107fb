/** The one module that calls `fetch`. */
import { type Problem, parseProblem } from "./problem.ts";

/** A request; GET unless `method` says otherwise. `body` is sent as JSON. */
export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Sends a request and reads JSON. Rejects with a Problem for a status of 400 and up, with what `fetch` throws without an answer within 20 s. */
export type Http = (url: string, request?: HttpRequest) => Promise<{ status: number; body: unknown }>;

const TIMEOUT_MS = 20_000;

/** A page that a network puts in between, such as a hotel's sign-in, is no answer of the bar's, whatever its status says. */
async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : undefined;
  } catch (error) {
    if (response.status < 429) throw error; // from there on it asks for patience, and `Retry-After` counts
  }
}

/**
 * JSON in and out, given up after 20 s.
 * @throws {Problem} for an error status; `TypeError`, `DOMException` or `SyntaxError` where no answer of the bar's came.
 */
export const http: Http = async (url, { method = "GET", headers = {}, body } = {}) => {
  const response = await fetch(url, {
    method,
    headers: body ? { "content-type": "application/json", ...headers } : headers,
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const parsed = await readBody(response);
  if (!response.ok) throw parseProblem(response.status, parsed, response.headers.get("retry-after")) satisfies Problem;
  return { status: response.status, body: parsed };
};
