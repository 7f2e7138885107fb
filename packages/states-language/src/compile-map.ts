import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { asNumber, compileAmount, type Language, unexpectedType } from "./compile-fields.ts";
import { queryFailure, runtimeFailure } from "./errors.ts";
import { type Expression, isObject } from "./frame.ts";
import type { Amount, Batcher, MapState, Program } from "./machine.ts";
import { compileSelection } from "./paths.ts";
import { compilePathTemplate, compileQuery, compileQueryTemplate, queryText } from "./templates.ts";

type MapFields = Omit<MapState, "name" | "language" | "next" | "prepare" | "complete" | "retry" | "catch">;

/** Compiles the fields that only a Map state has. */
export function compileMap(state: JsonObject, language: Language, processor: Program): MapFields {
  const config = (state.ItemProcessor as JsonObject | undefined)?.ProcessorConfig;
  const distributed = isObject(config) && config.Mode === "DISTRIBUTED";
  const template = (value: JsonValue, field: string): Expression =>
    language === "JSONata" ? compileQueryTemplate(value, field) : compilePathTemplate(value);
  const selector = state.ItemSelector ?? (language === "JSONPath" ? state.Parameters : undefined);
  const reader = isObject(state.ItemReader) ? state.ItemReader : undefined;
  const writer = isObject(state.ResultWriter) ? state.ResultWriter : undefined;
  return {
    type: "Map",
    processor,
    distributed,
    express: distributed && config.ExecutionType === "EXPRESS",
    items: compileItems(state, language),
    ...(typeof state.Label === "string" && { label: state.Label }),
    ...(selector !== undefined && { selector: template(selector, "ItemSelector") }),
    ...(reader && { reader: compileCall(reader, template, "ItemReader"), maxItems: compileMaxItems(reader, language) }),
    ...(writer && { writer: compileCall(writer, template, "ResultWriter") }),
    ...(isObject(state.ItemBatcher) && { batcher: compileBatcher(state.ItemBatcher, language, template) }),
    maxConcurrency: compileAmount(
      state,
      "MaxConcurrency",
      language,
      integer("MaxConcurrency", (n) => `Expected non-negative integer for MaxConcurrency, got '${n}' instead.`),
    ),
    toleratedCount: compileAmount(
      state,
      "ToleratedFailureCount",
      language,
      integer("ToleratedFailureCount", () => "ToleratedFailureCount cannot be negative."),
    ),
    toleratedPercentage: compileAmount(state, "ToleratedFailurePercentage", language, percentage),
  };
}

function compileItems(state: JsonObject, language: Language): Expression {
  if (language === "JSONPath") return compilePathItems((state.ItemsPath as string | undefined) ?? "$");
  if (state.Items === undefined) {
    return (frame) => {
      if (Array.isArray(frame.input)) return frame.input;
      throw queryFailure(`Map state input must be an array but was: ${JSON.stringify(frame.input)}`);
    };
  }
  const expression = typeof state.Items === "string" ? queryText(state.Items) : undefined;
  if (expression === undefined) return compileQueryTemplate(state.Items, "Items");
  const evaluate = compileQuery(expression, "Items");
  return (frame) => {
    const value = evaluate(frame);
    if (Array.isArray(value)) return value;
    throw queryFailure(unexpectedType(expression, "Items", "array", value), "Items");
  };
}

function compilePathItems(path: string): Expression {
  const read = compileSelection(path);
  return (frame) => {
    const value = read(frame);
    if (Array.isArray(value)) return value;
    throw runtimeFailure(`Reference path "${path.replace(/^\$\$/, "$")}" must point to array.`);
  };
}

/** Compiles an ItemReader or ResultWriter: evaluates `Parameters` or `Arguments` and leaves the rest unchanged. */
function compileCall(call: JsonObject, template: (value: JsonValue, field: string) => Expression, field: string): Expression {
  const parts = Object.entries(call).map(([name, value]) => {
    const evaluated = name === "Parameters" || name === "Arguments";
    return [name, evaluated ? template(value, `${field}/${name}`) : () => value] as const;
  });
  return (frame) => Object.fromEntries(parts.map(([name, expression]) => [name, expression(frame)]));
}

function compileMaxItems(reader: JsonObject, language: Language): Amount {
  return isObject(reader.ReaderConfig)
    ? compileAmount(
        reader.ReaderConfig,
        "MaxItems",
        language,
        integer("MaxItems", () => "field MaxItems must be positive"),
      )
    : () => undefined;
}

function compileBatcher(batcher: JsonObject, language: Language, template: (value: JsonValue, field: string) => Expression): Batcher {
  return {
    maxItems: compileAmount(batcher, "MaxItemsPerBatch", language),
    maxBytes: compileAmount(batcher, "MaxInputBytesPerBatch", language),
    ...(batcher.BatchInput !== undefined && { batchInput: template(batcher.BatchInput, "ItemBatcher/BatchInput") }),
  };
}

/** Reads the integer that a `...Path` field refers to. Throws `States.Runtime` in AWS's words if the value is not an integer or is negative. */
function integer(name: string, negative: (value: number) => string): (value: JsonValue, path: string) => number {
  return (value, path) => {
    const number = asNumber(value);
    if (number === undefined || !Number.isInteger(number)) {
      const shown = typeof value === "string" ? value : JSON.stringify(value);
      throw runtimeFailure(`The ${name}Path field refers to value "${shown}" which is not a valid integer: ${path}`);
    }
    if (number < 0) throw runtimeFailure(negative(number));
    return number;
  };
}

function percentage(value: JsonValue, path: string): number {
  const number = asNumber(value);
  if (number === undefined) {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    throw runtimeFailure(`The ToleratedFailurePercentagePath field refers to value "${shown}" which is not a valid float: ${path}`);
  }
  if (number < 0 || number > 100) throw runtimeFailure("ToleratedFailurePercentage must be between 0 and 100.");
  return number;
}
