/**
 * The items in a text that an ItemReader has read, as its `ReaderConfig` says.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { parseCsv } from "./csv.ts";

const delimiters = { COMMA: ",", PIPE: "|", SEMICOLON: ";", SPACE: " ", TAB: "\t" } as const;

/** What was read holds no items. */
export class ItemsError extends Error {
  override readonly name = "ItemsError";
}

export interface ItemReaderConfig {
  readonly InputType?: string | undefined;
  readonly CSVHeaderLocation?: "FIRST_ROW" | "GIVEN" | undefined;
  readonly CSVHeaders?: readonly string[] | undefined;
  readonly CSVDelimiter?: keyof typeof delimiters | undefined;
  readonly ItemsPointer?: string | undefined;
}

/** @param name what was read, for messages. @throws {ItemsError} */
export function readerItems(text: string, config: ItemReaderConfig, name: string): readonly JsonValue[] {
  switch (config.InputType) {
    case "JSON":
      return listAt(jsonOf(text, name), config.ItemsPointer ?? "", name);
    case "JSONL":
      return text.split(/\r?\n/).flatMap((line, i) => (line.trim() === "" ? [] : [jsonOf(line, `${name}, line ${i + 1}`)]));
    case "CSV":
      return itemsOfCsv(parseCsv(text, delimiters[config.CSVDelimiter ?? "COMMA"]), config);
    default:
      throw failure(`InputType is ${JSON.stringify(config.InputType)}, expected CSV, JSON or JSONL here`);
  }
}

/** The list at a JSON Pointer (RFC 6901). */
function listAt(value: JsonValue, pointer: string, name: string): readonly JsonValue[] {
  let found: JsonValue | undefined = value;
  for (const part of pointer.split("/").slice(1)) {
    const member = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const isHolder: boolean = typeof found === "object" && found !== null && Object.hasOwn(found, member);
    found = isHolder ? (found as JsonObject)[member] : undefined;
  }
  if (Array.isArray(found)) return found as readonly JsonValue[];
  throw failure(`Attempting to map over non-iterable node: ${name}${pointer} is not a JSON array`);
}

/** Each row as an object of texts: what a row lacks is empty, what it has beyond the headers is left out. */
function itemsOfCsv(rows: readonly string[][], { CSVHeaderLocation, CSVHeaders }: ItemReaderConfig): JsonObject[] {
  if (CSVHeaderLocation === undefined) throw failure("The field 'CSVHeaderLocation' is missing");
  const isGiven = CSVHeaderLocation === "GIVEN";
  const headers = isGiven ? CSVHeaders : rows[0];
  if (isGiven && headers === undefined) throw failure("The field 'CSVHeaders' is missing");
  const body = isGiven ? rows : rows.slice(1);
  return body.map((row) => Object.fromEntries((headers ?? []).map((header, i) => [header, row[i] ?? ""])));
}

function jsonOf(text: string, name: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw failure(`${name} is not JSON: ${(error as Error).message}`);
  }
}

function failure(message: string): ItemsError {
  return new ItemsError(message);
}
