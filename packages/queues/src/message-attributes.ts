/** Message attributes as SQS checks them: an MD5 over names, types and values in order of name. */
import { createHash } from "node:crypto";
import type { JsonObject } from "@serverlesspresso/ports";

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

interface Attribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export function md5OfAttributes(attributes: JsonObject): string {
  const hash = createHash("md5");
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType = "String", StringValue, BinaryValue } = attributes[name] as Attribute;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([DataType.startsWith("Binary") ? 2 : 1]));
    add(BinaryValue === undefined ? Buffer.from(StringValue ?? "") : Buffer.from(BinaryValue, "base64"));
  }
  return hash.digest("hex");
}
