/** Checks the parts that only a Map has: reader, batcher, writer, processor configuration, label. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { isObject } from "../frame.ts";
import { add, type Language, type Report, schema } from "./report.ts";
import { checkExclusive, checkFields } from "./states.ts";
import { anything, type Check, list, number, object, oneOf, pointer, template, text } from "./values.ts";

const readerFields: Readonly<Record<string, Check>> = { Resource: text, Parameters: template, Arguments: template, ReaderConfig: object };
const configFields: Readonly<Record<string, Check>> = {
  InputType: text,
  Transformation: text,
  CSVHeaderLocation: oneOf("FIRST_ROW", "GIVEN"),
  CSVHeaders: list,
  CSVDelimiter: oneOf("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
  ManifestType: text,
  ItemsPointer: text,
  MaxItems: number({ from: 0, to: 100_000_000, dynamic: true }),
  MaxItemsPath: pointer,
};
const batcherFields: Readonly<Record<string, Check>> = {
  MaxItemsPerBatch: number({ from: 0, dynamic: true }),
  MaxItemsPerBatchPath: pointer,
  MaxInputBytesPerBatch: number({ from: 0, to: 262_144, dynamic: true }),
  MaxInputBytesPerBatchPath: pointer,
  BatchInput: template,
};
const writerFields: Readonly<Record<string, Check>> = { Resource: text, Parameters: template, Arguments: template, WriterConfig: anything };
const processorFields: Readonly<Record<string, Check>> = {
  Mode: oneOf("INLINE", "DISTRIBUTED"),
  ExecutionType: oneOf("STANDARD", "EXPRESS"),
};

const longestLabel = 40;
const distributedOnly = ["ItemReader", "ItemBatcher", "ResultWriter"];

/** Reports problems in the reader, batcher, writer, processor configuration and label of a Map state. */
export function checkMap(report: Report, state: JsonObject, location: string, language: Language): void {
  const part = (name: string, fields: Readonly<Record<string, Check>>, required: readonly string[] = []): void => {
    const value = state[name];
    if (isObject(value)) checkPart(report, value, `${location}/${name}`, language, fields, required);
  };
  part("ItemReader", readerFields, ["Resource"]);
  part("ItemBatcher", batcherFields);
  part("ResultWriter", writerFields);
  const config = isObject(state.ItemReader) ? state.ItemReader.ReaderConfig : undefined;
  if (isObject(config)) checkPart(report, config, `${location}/ItemReader/ReaderConfig`, language, configFields, []);
  checkProcessor(report, state, location, language);
  if (typeof state.Label === "string") checkLabel(report, state.Label, `${location}/Label`);
}

function checkPart(
  report: Report,
  part: JsonObject,
  location: string,
  language: Language,
  fields: Readonly<Record<string, Check>>,
  required: readonly string[],
): void {
  const missing = required.filter((name) => part[name] === undefined);
  if (missing.length > 0) schema(report, `These fields are required: [${missing.join(", ")}]`, location);
  checkFields(report, part, location, language, fields);
  checkExclusive(report, part, location);
}

function checkProcessor(report: Report, state: JsonObject, location: string, language: Language): void {
  const processor: JsonValue | undefined = state.ItemProcessor;
  const config = isObject(processor) ? processor.ProcessorConfig : undefined;
  if (isObject(config)) checkPart(report, config, `${location}/ItemProcessor/ProcessorConfig`, language, processorFields, []);
  const distributed = isObject(config) && config.Mode === "DISTRIBUTED";
  if (distributed && config.ExecutionType === undefined) {
    schema(report, "These fields are required: [ExecutionType]", `${location}/ItemProcessor/ProcessorConfig`);
  }
  if (distributed) return;
  for (const name of distributedOnly) {
    if (state[name] !== undefined) schema(report, `Field '${name}' is only supported for Map states in DISTRIBUTED mode`, location);
  }
}

function checkLabel(report: Report, label: string, location: string): void {
  if (label.length > longestLabel || /[\s?*<>{}[\]:;,\\|^~$#%&`"]/.test(label))
    add(report, "INVALID_LABEL_NAME", `Invalid label name: ${label}`, location);
  if (report.labels.has(label)) add(report, "DUPLICATE_LABEL_NAME", `Duplicate label name: ${label}`, location);
  report.labels.add(label);
}
