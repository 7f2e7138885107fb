/** The body of a request, as every platform takes it. */
import type { JsonValue } from "@serverlesspresso/ports";
import { Refusal } from "./refusal.ts";
import { type JsonLimits, JsonRefused, parseStrictJson, strangersLimits } from "./strict-json.ts";

/** What a body may be. */
export interface BodyLimits {
  readonly bytes: number;
  /** Absent for the usual ones. */
  readonly json?: JsonLimits;
}

/** What the bodies of a route may be: where a guest may call, as little as its schema needs. */
export function bodyLimits({ who }: { readonly who: "public" | "signedIn" | "admin" | "operator" }): BodyLimits {
  return who === "admin" || who === "operator" ? { bytes: 256 * 1024 } : { bytes: 16 * 1024, json: strangersLimits };
}

/** The refusal of a longer one. */
export const tooLarge = ({ bytes }: BodyLimits): Refusal =>
  new Refusal("payload-too-large", `The body is longer than ${bytes} bytes.`, { connection: "close" });

/** @throws {Refusal} 415 where a body is encoded */
export function checkEncoding(encoding: string | null | undefined): void {
  if (encoding === null || encoding === undefined || encoding === "identity") return;
  throw new Refusal("unsupported-media-type", `The body is encoded as ${encoding.slice(0, 20)}; send it plain.`);
}

/** Returns the JSON of a body, or undefined without a body. @throws {Refusal} 415 for another media type, 400 for a body that is not JSON */
export function parseTypedBody(bytes: Uint8Array, contentType: string | null | undefined, limits: BodyLimits): JsonValue | undefined {
  if (bytes.length === 0) return undefined;
  if (!isJsonType(contentType ?? "")) {
    throw new Refusal("unsupported-media-type", "The body must be sent as application/json.", { accept: "application/json" });
  }
  return parseBody(bytes, limits);
}

/** @throws {Refusal} 400 */
function parseBody(bytes: Uint8Array, { json }: BodyLimits): JsonValue {
  try {
    return parseStrictJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes), json);
  } catch (error) {
    if (error instanceof JsonRefused) throw new Refusal("invalid-request", sentence(error.message));
    if (error instanceof TypeError) throw new Refusal("invalid-request", "The body is not UTF-8.");
    throw error;
  }
}

function isJsonType(header: string): boolean {
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(header);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
