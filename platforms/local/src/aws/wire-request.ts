/** A request of AWS's protocols, however it came in. */
import type { Source } from "../http/source.ts";
import { collect, tooLarge } from "./body.ts";

/** A request whose body is not read yet. */
export interface WireRequest {
  readonly method: string;
  readonly pathname: string;
  /** What stands after the `?`. */
  readonly query: string;
  readonly headers: WireHeaders;
  /** Ends when the caller has gone. */
  readonly signal: AbortSignal;
  /** Resolves with the body as it came. Rejects with {AwsFailure} 413 before more than `mostBytes` are read. */
  read(mostBytes: number): Promise<Buffer>;
}

/** Headers by their names in lower case. */
export interface WireHeaders {
  get(name: string): string | null;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** An answer to be written. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** Resolves with the answer to a call of AWS's protocols, a failure's too. */
export type AwsApi = (request: WireRequest, source: Source) => Promise<WireAnswer>;

/** Returns a request as the gateway's router hands it over. */
export function routedRequest(request: Request): WireRequest {
  const { pathname, search } = new URL(request.url);
  const { method, headers } = request;
  return {
    method,
    pathname,
    query: search.slice(1),
    headers,
    get signal() {
      return request.signal;
    },
    async read(mostBytes) {
      if (Number(headers.get("content-length") ?? 0) > mostBytes) throw tooLarge(mostBytes);
      return collect(request.body ?? [], mostBytes);
    },
  };
}
