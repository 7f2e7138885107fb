/** The items an ItemReader reads from a mocked S3: CSV, JSON, JSON Lines, manifests and listings. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Stimulus, WaitId } from "@serverlesspresso/states-language";

type Buckets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function readItems(wait: WaitId, reader: JsonObject, s3: Buckets): Stimulus {
  const parameters = (reader.Parameters ?? reader.Arguments ?? {}) as JsonObject;
  const config = (reader.ReaderConfig ?? {}) as JsonObject;
  const bucket = s3[String(parameters.Bucket)] ?? {};
  if (String(reader.Resource).includes("listObjects"))
    return { kind: "taskSucceeded", wait, output: listing(bucket, String(parameters.Prefix ?? "")) };
  const text = bucket[String(parameters.Key)];
  if (text === undefined) return { kind: "taskFailed", wait, error: "States.ItemReaderFailed", cause: "The specified key does not exist." };
  return { kind: "taskSucceeded", wait, output: parse(text, config) };
}

function listing(bucket: Readonly<Record<string, string>>, prefix: string): JsonValue {
  return Object.entries(bucket)
    .filter(([key]) => key.startsWith(prefix))
    .map(([Key, text]) => ({ Etag: "", Key, LastModified: 0, Size: Buffer.byteLength(text), StorageClass: "STANDARD" }));
}

function parse(text: string, config: JsonObject): JsonValue {
  if (config.InputType === "CSV") return parseCsv(text, config);
  if (config.InputType === "JSONL")
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as JsonValue);
  return JSON.parse(text) as JsonValue;
}

/** Rows become objects by header; missing fields are empty, further fields are left out. */
function parseCsv(text: string, config: JsonObject): JsonValue {
  const rows = csvRows(text, delimiters[String(config.CSVDelimiter ?? "COMMA")] ?? ",");
  const given = config.CSVHeaderLocation === "GIVEN";
  const headers = given ? (config.CSVHeaders as readonly string[]) : (rows.shift() ?? []);
  return rows.map((row) => Object.fromEntries(headers.map((header, i) => [header, row[i] ?? ""])));
}

const delimiters: Readonly<Record<string, string>> = { COMMA: ",", PIPE: "|", SEMICOLON: ";", SPACE: " ", TAB: "\t" };

function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const row = rows.at(-1) as string[];
    const character = text.charAt(i);
    if (character === '"') {
      if (quoted && text[i + 1] === '"') row[row.length - 1] += text.charAt(i++);
      else quoted = !quoted;
    } else if (character === delimiter && !quoted) row.push("");
    else if (character === "\n" && !quoted) rows.push([""]);
    else if (character !== "\r" || quoted) row[row.length - 1] += character;
  }
  return rows.filter((row) => row.length > 1 || row[0] !== "");
}
