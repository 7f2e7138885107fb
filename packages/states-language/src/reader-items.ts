/**
 * Reads the items from the text of an ItemReader, as its `ReaderConfig` says.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { parseCsv } from "./csv.ts";

const delimiters = { COMMA: ",", PIPE: "|", SEMICOLON: ";", SPACE: " ", TAB: "\t" } as const;

/** The text does not hold items: wrong format, no array at `ItemsPointer`, or an unknown `InputType`. */
export class ItemsError extends Error {
  override readonly name = "ItemsError";
}

/** The fields of `ReaderConfig` that say how the text is read. `ItemsPointer` is a JSON Pointer (RFC 6901). */
export interface ItemReaderConfig {
  readonly InputType?: string | undefined;
  readonly CSVHeaderLocation?: "FIRST_ROW" | "GIVEN" | undefined;
  readonly CSVHeaders?: readonly string[] | undefined;
  readonly CSVDelimiter?: keyof typeof delimiters | undefined;
  readonly ItemsPointer?: string | undefined;
}

/**
 * Returns the items of a text.
 * @param name names the text in messages
 * @throws {ItemsError} if the text does not hold items in the configured format
 */
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

/** Returns the array at a JSON Pointer (RFC 6901). @throws {ItemsError} */
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
