/** The arithmetic of Signature Version 4. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
import { createHash, createHmac } from "node:crypto";

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

/** The signature that the holder of `secret` would give, in hexadecimal. */
export function signatureOf(parts: SignedParts, secret: string): string {
  const { day, region, service } = parts.scope;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", parts.date, scope, sha256(canonicalRequest(parts))].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<Buffer | string>((key, part) => hmac(key, part), `AWS4${secret}`);
  return hmac(key, text).toString("hex");
}

function canonicalRequest({ method, path, query, headers, bodyHash }: SignedParts): string {
  return [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, " ")}`),
    "",
    headers.map(([name]) => name).join(";"),
    bodyHash,
  ].join("\n");
}

/** Encoded once more than on the wire, without empty segments and dots, as every service but S3 does. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(encode(segment));
  }
  return `/${segments.join("/")}${segments.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

function canonicalQuery(query: string): string {
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
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
