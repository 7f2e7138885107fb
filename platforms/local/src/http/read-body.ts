import type { JsonValue } from "@serverlesspresso/ports";
import { Problem } from "./problem.ts";
import { JsonRefused, parseStrictJson } from "./strict-json.ts";

/** The longest body in bytes. */
export const maxBodyBytes = 256 * 1024;

const tooLarge = (): Problem =>
  new Problem(413, "body-too-large", `The body is longer than ${maxBodyBytes} bytes.`, { headers: { connection: "close" } });

/**
 * Reads a JSON body, or undefined where there is none.
 * @throws {Problem} 413 before more than the limit is read, 415 for another media type or an encoding, 400 for what is no JSON
 */
export async function readJsonBody(request: Request): Promise<JsonValue | undefined> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  if (!isJsonType(request.headers.get("content-type"))) {
    throw new Problem(415, "unsupported-media-type", "The body must be sent as application/json.", {
      headers: { accept: "application/json" },
    });
  }
  return parseBody(bytes);
}

/** Any body within the limit. */
export async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBodyBytes) throw tooLarge();
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    throw new Problem(415, "unsupported-encoding", `The body is encoded as ${encoding.slice(0, 20)}; send it plain.`);
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

/** @throws {Problem} 400 */
export function parseBody(bytes: Uint8Array): JsonValue {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(400, "invalid-json", "The body is not UTF-8.");
  }
  try {
    return parseStrictJson(text);
  } catch (error) {
    if (error instanceof JsonRefused) throw new Problem(400, "invalid-json", sentence(error.message));
    throw error;
  }
}

function isJsonType(header: string | null): boolean {
  return /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(header ?? "");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
