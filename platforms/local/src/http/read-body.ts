import { type BodyLimits, checkEncoding, parseTypedBody, tooLarge } from "@serverlesspresso/blueprint/edge/json-body.ts";
import type { JsonValue } from "@serverlesspresso/ports";

/**
 * Reads a JSON body. Returns undefined for a request without a body.
 * @throws {Refusal} 413 before more than the limit is read, 415 for another media type or an encoding, 400 for what is no JSON
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<JsonValue | undefined> {
  return parseTypedBody(await readBytes(request, limits), request.headers.get("content-type"), limits);
}

async function readBytes(request: Request, limits: BodyLimits): Promise<Buffer> {
  if (Number(request.headers.get("content-length") ?? 0) > limits.bytes) throw tooLarge(limits);
  checkEncoding(request.headers.get("content-encoding"));
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limits.bytes) throw tooLarge(limits);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
