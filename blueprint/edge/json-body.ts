/** The body of a request, as every platform takes it. */
import type { JsonValue } from "@serverlesspresso/ports";
import { Refusal } from "./refusal.ts";
import { JsonRefused, parseStrictJson } from "./strict-json.ts";

/** The longest body in bytes. */
export const maxBodyBytes = 256 * 1024;

/** The refusal of a longer one. */
export const tooLarge = (): Refusal =>
  new Refusal("payload-too-large", `The body is longer than ${maxBodyBytes} bytes.`, { connection: "close" });

/** @throws {Refusal} 415 where a body is encoded */
export function checkEncoding(encoding: string | null | undefined): void {
  if (encoding === null || encoding === undefined || encoding === "identity") return;
  throw new Refusal("unsupported-media-type", `The body is encoded as ${encoding.slice(0, 20)}; send it plain.`);
}

/** The JSON of a body, or undefined where there is none. @throws {Refusal} 415 for another media type, 400 for what is no JSON */
export function parseTypedBody(bytes: Uint8Array, contentType: string | null | undefined): JsonValue | undefined {
  if (bytes.length === 0) return undefined;
  if (!isJsonType(contentType ?? "")) {
    throw new Refusal("unsupported-media-type", "The body must be sent as application/json.", { accept: "application/json" });
  }
  return parseBody(bytes);
}

/** @throws {Refusal} 400 */
export function parseBody(bytes: Uint8Array): JsonValue {
  try {
    return parseStrictJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
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
