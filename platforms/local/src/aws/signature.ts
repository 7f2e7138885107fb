/** The arithmetic of Signature Version 4. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";

/** What a request is signed over. */
export interface SignedParts {
  readonly method: string;
  /** As it stands in the request line, percent-encoding included. */
  readonly path: string;
  /** As it stands after the `?`. */
  readonly query: string;
  /** The signed headers, names in lower case, sorted. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Hexadecimal SHA-256 of the body, or what `X-Amz-Content-Sha256` says in its place. */
  readonly bodyHash: string;
  /** `20260601T090000Z`. */
  readonly date: string;
  readonly scope: Scope;
}

/** Where and for what a signature holds. */
export interface Scope {
  /** `20260601`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

/** Signs as the holder of a secret would. */
export interface Signer {
  /** The signature in hexadecimal. */
  sign(parts: SignedParts): string;
}

/** A day has few scopes: those of the services that are called. A caller that names others pays for a key each time. */
const mostKeys = 64;

/** Returns the signer of a secret. A scope's key is derived once, as long as it is among the last that were. */
export function createSigner(secret: string): Signer {
  const keys = new Map<string, KeyObject>();

  function keyOf(scope: string): KeyObject {
    const known = keys.get(scope);
    if (known !== undefined) return known;
    const derived = scope.split("/").reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
    // Made into a key once: it costs more than the signature itself.
    const key = createSecretKey(derived);
    const [oldest] = keys.keys();
    if (keys.size === mostKeys && oldest !== undefined) keys.delete(oldest);
    keys.set(scope, key);
    return key;
  }

  return {
    sign(parts) {
      const { day, region, service } = parts.scope;
      const scope = `${day}/${region}/${service}/aws4_request`;
      const text = `AWS4-HMAC-SHA256\n${parts.date}\n${scope}\n${sha256(canonicalRequest(parts))}`;
      return hmac(keyOf(scope), text).toString("hex");
    },
  };
}

function canonicalRequest({ method, path, query, headers, bodyHash }: SignedParts): string {
  let text = `${method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n`;
  let names = "";
  for (const [name, value] of headers) {
    text += `${name}:${canonicalValue(value)}\n`;
    names += names === "" ? name : `;${name}`;
  }
  return `${text}\n${names}\n${bodyHash}`;
}

/** Most values are as they must be. */
function canonicalValue(value: string): string {
  return /^\s|\s$|\s\s|[^\S ]/.test(value) ? value.trim().replace(/\s+/g, " ") : value;
}

/** Encoded once more than on the wire, without empty segments and dots, as every service but S3 does. */
function canonicalPath(path: string): string {
  if (path === "/") return path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(encode(segment));
  }
  return `/${segments.join("/")}${segments.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

function canonicalQuery(query: string): string {
  if (query === "") return query;
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => [encode(name), encode(value)] as const);
  pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** In hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

function hmac(key: Buffer | KeyObject, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
