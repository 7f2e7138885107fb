/** The one module that calls `fetch`. */
import { type Problem, parseProblem } from "./problem.ts";

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export type Http = (url: string, request?: HttpRequest) => Promise<{ status: number; body: unknown }>;

const TIMEOUT_MS = 20_000;

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * JSON in and out, given up after 20 s.
 * @throws {Problem} for an error status; `TypeError` or `DOMException` where no answer came.
 */
export const http: Http = async (url, { method = "GET", headers = {}, body } = {}) => {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const parsed = await readBody(response);
  if (!response.ok) throw parseProblem(response.status, parsed, response.headers.get("retry-after")) satisfies Problem;
  return { status: response.status, body: parsed };
};
