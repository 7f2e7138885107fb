import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type JsonLimits, JsonRefused, parseStrictJson } from "@serverlesspresso/blueprint/edge/strict-json.ts";
import type { JsonObject } from "@serverlesspresso/ports";
import { AwsFailure } from "./failure.ts";

const unzip = promisify(gunzip);
const decoder = new TextDecoder("utf-8", { fatal: true });
/** An item of DynamoDB nests 32 levels, each of which is two in JSON. Attributes and members may have any name on AWS; the engines take only own members for theirs. */
const operatorsLimits: JsonLimits = { deepest: 100, mostKeys: 1_000_000, anyName: true };

/** A body whole. Rejects with {AwsFailure} 413 before more than `mostBytes` are read. */
export async function collect(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** SDKs compress long requests of some services; the signature is over what is sent. @throws {AwsFailure} where it does not unpack into `mostBytes` */
export async function unpack(body: Buffer, encoding: string | null, mostBytes: number): Promise<Buffer> {
  if (encoding === null || encoding === "identity") return body;
  if (encoding !== "gzip")
    throw new AwsFailure(415, "SerializationException", `The body is encoded as ${encoding.slice(0, 20)}; send it plain or as gzip.`);
  try {
    return await unzip(body, { maxOutputLength: mostBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(mostBytes);
    throw new AwsFailure(400, "SerializationException", "The body is not gzip");
  }
}

/** @throws {AwsFailure} `SerializationException` */
export function parseJsonObject(body: Buffer, limits?: JsonLimits): JsonObject {
  const value = body.length === 0 ? {} : parseJson(body, limits);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new AwsFailure(400, "SerializationException", "The body must be a JSON object");
}

/** @throws {AwsFailure} `SerializationException` */
export function parseJson(body: Buffer, limits = operatorsLimits) {
  try {
    return parseStrictJson(decoder.decode(body), limits);
  } catch (error) {
    if (error instanceof JsonRefused) throw new AwsFailure(400, "SerializationException", error.message);
    if (error instanceof TypeError) throw new AwsFailure(400, "SerializationException", "The body is not UTF-8");
    throw error;
  }
}

/** The failure of a body that is longer than it may be. */
export function tooLarge(mostBytes: number): AwsFailure {
  return new AwsFailure(413, "RequestEntityTooLargeException", `Request size exceeded ${mostBytes} bytes`, {
    headers: { connection: "close" },
  });
}
