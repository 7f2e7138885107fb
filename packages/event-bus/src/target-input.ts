/**
 * Makes the input of a target: the event, a part of it, a constant, or the result of a template.
 *
 * I1. In a template, `<name>` inside quotes becomes the text of its value, outside quotes its JSON. Without a value it becomes an empty text, or `null`.
 * I2. If the result of a template is not JSON, the input is that text.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import type { JsonValue } from "@serverlesspresso/ports";
import type { Envelope } from "./envelope.ts";
import { isoSeconds } from "./envelope.ts";
import { readPath } from "./event-path.ts";
import type { Target } from "./rule.ts";

/** The values of the predefined variables of templates, such as `aws.events.rule-arn`. */
export interface InputContext {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly ingestedMs: number;
}

/** Whether the input of a target is the event itself. */
export function isWhole({ Input, InputPath, InputTransformer }: Target): boolean {
  return Input === undefined && InputPath === undefined && InputTransformer === undefined;
}

/** Returns the input of a target for an event; null if `InputPath` finds no value. */
export function inputOf(target: Target, envelope: Envelope, context: InputContext): JsonValue {
  const event = envelope as unknown as JsonValue;
  if (target.Input !== undefined) return parseOrText(target.Input);
  if (target.InputPath !== undefined) return readPath(event, target.InputPath) ?? null;
  if (target.InputTransformer !== undefined) return transform(target.InputTransformer, event, context);
  return event;
}

function transform(
  { InputPathsMap = {}, InputTemplate }: NonNullable<Target["InputTransformer"]>,
  event: JsonValue,
  context: InputContext,
): JsonValue {
  const lookUp = (name: string): JsonValue | undefined => {
    if (Object.hasOwn(predefined, name)) return predefined[name]?.(event, context);
    const path = Object.hasOwn(InputPathsMap, name) ? InputPathsMap[name] : undefined;
    return path === undefined ? undefined : readPath(event, path);
  };
  try {
    return JSON.parse(renderJson(InputTemplate, lookUp)) as JsonValue;
  } catch {
    return InputTemplate.replace(placeholder, (_, name: string) => textOf(lookUp(name)));
  }
}

const placeholder = /<([\w.-]+)>/g;

const predefined: Readonly<Record<string, (event: JsonValue, context: InputContext) => JsonValue>> = {
  "aws.events.rule-arn": (_, { ruleArn }) => ruleArn,
  "aws.events.rule-name": (_, { ruleName }) => ruleName,
  "aws.events.event.ingestion-time": (_, { ingestedMs }) => isoSeconds(ingestedMs),
  "aws.events.event": (event) => event,
  "aws.events.event.json": (event) => event,
};

function renderJson(template: string, lookUp: (name: string) => JsonValue | undefined): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (found, name: string | undefined) => {
    if (found === '"') isQuoted = !isQuoted;
    if (name === undefined) return found;
    const value = lookUp(name);
    return isQuoted ? JSON.stringify(textOf(value)).slice(1, -1) : JSON.stringify(value ?? null);
  });
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parseOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
