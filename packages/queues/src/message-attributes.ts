/** Message attributes as SQS checks and counts them, and the MD5 over their names, types and values in order of name. */
import { createHash } from "node:crypto";
import type { JsonObject } from "@serverlesspresso/ports";
import { invalid, QueueError } from "./errors.ts";

const mostAttributes = 10;
const mostNameBytes = 256;

/** MD5 in hex, as SQS gives it for a client to compare. */
export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

interface Attribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** MD5 over message attributes in order of name. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function md5OfAttributes(attributes: JsonObject): string {
  const hash = createHash("md5");
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name] as Attribute;
    const { DataType = "String" } = attribute;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([DataType.startsWith("Binary") ? 2 : 1]));
    add(bytesOf(attribute));
  }
  return hash.digest("hex");
}

function bytesOf({ StringValue, BinaryValue }: Attribute): Buffer {
  return BinaryValue === undefined ? Buffer.from(StringValue ?? "") : Buffer.from(BinaryValue, "base64");
}

/** What a message weighs: its body, and name, type and value of each attribute. */
export function bytesOfMessage(body: string, attributes: JsonObject = {}): number {
  const bytes = Object.entries(attributes).map(([name, attribute]) => {
    const { DataType = "" } = attribute as Attribute;
    return Buffer.byteLength(name) + Buffer.byteLength(DataType) + bytesOf(attribute as Attribute).length;
  });
  return bytes.reduce((sum, each) => sum + each, Buffer.byteLength(body));
}

/** @throws {QueueError} `InvalidMessageContents` for a character that XML does not have */
export function checkContents(text: string): void {
  if (/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u.test(text)) return;
  const valid = "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
  throw new QueueError("InvalidMessageContents", `Invalid characters found. Valid unicode characters are ${valid}`);
}

/** @throws {QueueError} naming the attribute that SQS would refuse */
export function checkMessageAttributes(attributes: JsonObject): void {
  const entries = Object.entries(attributes);
  if (entries.length > mostAttributes) {
    throw invalid(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${mostAttributes}].`);
  }
  for (const [name, attribute] of entries) {
    checkName(name);
    checkValue(name, attribute as Attribute);
  }
}

function checkName(name: string): void {
  if (Buffer.byteLength(name) > mostNameBytes) throw invalid(`Message (user) attribute names must be shorter than ${mostNameBytes} Bytes`);
  if (!/^[\w.-]+$/.test(name)) {
    throw invalid(
      "Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores.",
    );
  }
  if (/^(?:aws|amazon)\.|^\.|\.$|\.\./i.test(name)) {
    throw invalid(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. " +
        "Additionally, they cannot start or end with '.' or have periods in succession.",
    );
  }
}

function checkValue(name: string, { DataType = "", StringValue, BinaryValue }: Attribute): void {
  const type = /^(String|Number|Binary)(?:\.|$)/.exec(DataType)?.[1];
  if (type === undefined) {
    throw invalid(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  if (Buffer.byteLength(DataType) > mostNameBytes) {
    throw invalid(`Message (user) attribute types must be shorter than ${mostNameBytes} Bytes`);
  }
  const value = type === "Binary" ? BinaryValue : StringValue;
  if (value === undefined || value === "" || (type === "Binary" ? StringValue : BinaryValue) !== undefined) {
    throw invalid(
      `The message (user) attribute '${name}' must contain a non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (type !== "Binary") checkContents(value);
  if (type === "Number" && !/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(value)) {
    throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

const traceHeader = "AWSTraceHeader";

/** The trace header among the system attributes, the only one there is to send. */
export function traceHeaderOf(attributes: JsonObject): string | undefined {
  for (const name of Object.keys(attributes)) {
    if (name !== traceHeader) throw invalid(`Message system attribute name '${name}' is invalid.`);
  }
  const attribute = attributes[traceHeader] as Attribute | undefined;
  if (attribute === undefined) return undefined;
  if (attribute.DataType !== "String") {
    throw invalid(`The data type of message system attribute '${traceHeader}' is '${attribute.DataType}', expected 'String'.`);
  }
  checkValue(traceHeader, attribute);
  return attribute.StringValue;
}
