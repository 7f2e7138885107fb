import type { JsonValue } from "@serverlesspresso/ports";
import { Refusal } from "./refusal.ts";
import { JsonRefused, parseStrictJson } from "./strict-json.ts";

/** The longest body in bytes. */
export const maxBodyBytes = 256 * 1024;

const tooLarge = (): Refusal => new Refusal("payload-too-large", `The body is longer than ${maxBodyBytes} bytes.`, { connection: "close" });

/**
 * Reads a JSON body, or undefined where there is none.
 * @throws {Refusal} 413 before more than the limit is read, 415 for another media type or an encoding, 400 for what is no JSON
 */
export async function readJsonBody(request: Request): Promise<JsonValue | undefined> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  if (!isJsonType(request.headers.get("content-type"))) {
    throw new Refusal("unsupported-media-type", "The body must be sent as application/json.", { accept: "application/json" });
  }
  return parseBody(bytes);
}

/** Any body within the limit. @throws {Refusal} */
export async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBodyBytes) throw tooLarge();
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    throw new Refusal("unsupported-media-type", `The body is encoded as ${encoding.slice(0, 20)}; send it plain.`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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

function isJsonType(header: string | null): boolean {
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(header ?? "");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
