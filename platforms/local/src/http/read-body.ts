import { checkEncoding, maxBodyBytes, parseTypedBody, tooLarge } from "@serverlesspresso/blueprint/edge/json-body.ts";
import type { JsonValue } from "@serverlesspresso/ports";

/**
 * Reads a JSON body, or undefined where there is none.
 * @throws {Refusal} 413 before more than the limit is read, 415 for another media type or an encoding, 400 for what is no JSON
 */
export async function readJsonBody(request: Request): Promise<JsonValue | undefined> {
  return parseTypedBody(await readBytes(request), request.headers.get("content-type"));
}

/** Any body within the limit. @throws {Refusal} */
export async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBodyBytes) throw tooLarge();
  checkEncoding(request.headers.get("content-encoding"));
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
