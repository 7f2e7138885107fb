/**
 * The short way in for what SDKs send all the time: a signed `POST /` of a known, modest length goes from Node's parser to the AWS API and back,
 * without a router, streams or objects of the fetch standard between.
 *
 * EN1. It takes only what the gateway would hand to the AWS API unchanged. Whatever else a request has (another host, an origin, a length that is
 *      not said), it is left to the gateway, which judges it in its own words.
 * EN2. The answer has the headers that the gateway adds to each.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { headersOfEvery } from "../http/every-answer.ts";
import type { Hosts } from "../http/hosts.ts";
import type { Source } from "../http/source.ts";
import { tooLarge } from "./body.ts";
import { AwsFailure } from "./failure.ts";
import { isSigned } from "./signed-request.ts";
import type { AwsApi, WireAnswer, WireHeaders, WireRequest } from "./wire-request.ts";

/** Takes a request if it may (EN1). Returns whether it did. */
export type Entrance = (incoming: IncomingMessage, outgoing: ServerResponse, source: Source) => boolean;

/** Longer bodies are rare, and are read by the gateway. */
const longestBody = 256 * 1024;

/** What the entrance leads to, and which hosts are ours. */
export interface EntranceOptions {
  readonly aws: AwsApi;
  readonly hosts: Hosts;
  readonly onError: (error: unknown, what: string) => void;
}

/** Returns the entrance to the AWS API. */
export function createEntrance({ aws, hosts, onError }: EntranceOptions): Entrance {
  return (incoming, outgoing, source) => {
    const headers = headersOf(incoming.headers);
    if (!isPlain(incoming) || !isSigned(headers) || !hosts.includes(source.host)) return false;
    void aws(requestOf(incoming, headers, outgoing), source)
      .then((answer) => write(outgoing, answer, source))
      .catch((error: unknown) => {
        onError(error, "aws answer");
        outgoing.destroy();
      });
    return true;
  };
}

/** EN1. */
function isPlain({ method, url, headers }: IncomingMessage): boolean {
  if (method !== "POST" || url !== "/" || headers.origin !== undefined) return false;
  return headers["transfer-encoding"] === undefined && headers.expect === undefined && Number(headers["content-length"]) <= longestBody;
}

function headersOf(headers: IncomingMessage["headers"]): WireHeaders {
  const get = (name: string): string | null => {
    // Own members alone: a caller may ask for a header of any name.
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
  };
  return { get, has: (name) => get(name) !== null, keys: () => Object.keys(headers) };
}

function requestOf(incoming: IncomingMessage, headers: WireHeaders, outgoing: ServerResponse): WireRequest {
  let gone: AbortController | undefined;
  return {
    method: "POST",
    pathname: "/",
    query: "",
    headers,
    get signal() {
      gone ??= goneOf(outgoing);
      return gone.signal;
    },
    async read(mostBytes) {
      if (Number(incoming.headers["content-length"]) > mostBytes) throw tooLarge(mostBytes);
      return read(incoming);
    },
  };
}

/** Made for calls that wait alone. */
function goneOf(outgoing: ServerResponse): AbortController {
  const gone = new AbortController();
  if (outgoing.destroyed) gone.abort();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return gone;
}

/** The parser reads no more than the header said. */
function read(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    incoming.once("error", reject);
    incoming.once("close", () => {
      if (!incoming.readableEnded) reject(new AwsFailure(400, "IncompleteBody", "The caller has gone"));
    });
  });
}

/** EN2. */
function write(outgoing: ServerResponse, { status, headers, body }: WireAnswer, { scheme }: Source): void {
  outgoing.writeHead(status, {
    ...headersOfEvery(scheme),
    ...headers,
    "content-length": body === null ? 0 : Buffer.byteLength(body),
  });
  outgoing.end(body);
}
