/**
 * Calls over HTTP to hosts outside.
 *
 * O1. Only allowed hosts are called (`allowed-hosts.ts`), at the very address that was looked at: a name is resolved once.
 * O2. No redirect is followed: the operator has not allowed where it leads.
 * O3. A call ends after a minute, its answer at 256 KiB.
 */
import { type LookupAddress, lookup } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import type { Clock } from "@serverlesspresso/ports";
import type { AllowedHosts } from "./allowed-hosts.ts";

/** A call to make. The host must be allowed. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, whatever its status. `body` is its text in UTF-8. */
export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

/** Why there is no answer. `Refused`: the call was never made. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly code: "Refused" | "Failed" | "TimedOut" | "TooLarge";
  /** Whether it may go better another time. */
  readonly retryable: boolean;
  constructor(code: HttpError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code !== "Refused";
  }
}

/** @throws {HttpError} */
export type CallHttp = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

/** What calls are made with. `resolve` is DNS, which tests replace. */
export interface HttpClientOptions {
  readonly allowedHosts: AllowedHosts;
  /** Real time. */
  readonly clock: Clock;
  readonly resolve?: typeof lookup;
}

const timeoutMs = 60_000;
const mostBytes = 262_144;

/** Returns a caller of allowed hosts (O1, O2). It rejects with an HttpError where no answer comes within 60 s or 262,144 bytes. */
export function createHttpClient({ allowedHosts, clock, resolve = lookup }: HttpClientOptions): CallHttp {
  /** O1. */
  function lookupAllowed(url: URL): LookupFunction {
    return (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        const refused = error === null ? refusalOf(url, addresses) : error;
        const [first] = addresses ?? [];
        if (refused !== undefined || first === undefined) callback(refused ?? new Error(`"${hostname}" has no address`), "", 4);
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    };
  }

  function refusalOf(url: URL, addresses: readonly LookupAddress[]): HttpError | undefined {
    for (const { address } of addresses) {
      const reason = allowedHosts.reasonAgainstAddress(url, address);
      if (reason !== undefined) return new HttpError("Refused", reason);
    }
    return undefined;
  }

  return async ({ url, method, headers, body }, signal) => {
    const reason = allowedHosts.reasonAgainst(url);
    if (reason !== undefined) throw new HttpError("Refused", reason);
    const ending = new AbortController();
    const cancel = clock.at(clock.nowMs() + timeoutMs, () => ending.abort());
    const open = url.protocol === "https:" ? requestHttps : requestHttp;
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = {
      method,
      headers: { ...headers, ...length },
      agent: false as const,
      lookup: lookupAllowed(url),
      signal: AbortSignal.any([signal, ending.signal]),
    };
    try {
      return await new Promise<HttpResponse>((fulfil, reject) => {
        const sent = open(url, options, (response) => void readAnswer(response).then(fulfil, reject));
        sent.on("error", reject);
        sent.end(body);
      });
    } catch (error) {
      if (error instanceof HttpError) throw error;
      if (ending.signal.aborted) throw new HttpError("TimedOut", `"${url.host}" did not answer within ${timeoutMs / 1000} seconds`);
      throw new HttpError("Failed", `the call to "${url.host}" failed: ${(error as Error).message}`, { cause: error });
    } finally {
      cancel();
    }
  };
}

/** O3. */
async function readAnswer(response: IncomingMessage): Promise<HttpResponse> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBytes) {
      response.destroy();
      throw new HttpError("TooLarge", `the answer has more than ${mostBytes} bytes`);
    }
    parts.push(part);
  }
  const headers = Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values] as const);
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? "",
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts).toString("utf8"),
  };
}
