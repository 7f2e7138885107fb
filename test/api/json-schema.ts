import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/**
 * What is wrong with `value` by a JSON Schema of draft 2020-12: nothing, or one line per fault.
 * It knows the keywords of our OpenAPI document; any other is a fault, so that nothing is let through for not being understood.
 */
export function faultsOf(value: JsonValue | undefined, schema: JsonObject, document: JsonObject, at = "answer"): string[] {
  const faults: string[] = [];
  for (const [keyword, expected] of Object.entries(schema)) {
    if (annotations.has(keyword)) continue;
    const check = checks[keyword];
    if (check === undefined) faults.push(`${at}: the schema's keyword ${keyword} is not known here`);
    else faults.push(...check(value, expected, { schema, document, at }));
  }
  return faults;
}

const annotations = new Set(["description", "title", "default", "examples", "format"]);

interface Place {
  readonly schema: JsonObject;
  readonly document: JsonObject;
  readonly at: string;
}
type Check = (value: JsonValue | undefined, expected: JsonValue, place: Place) => string[];

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const same = (a: JsonValue | undefined, b: JsonValue): boolean => JSON.stringify(a) === JSON.stringify(b);
const unless = (holds: boolean, fault: string): string[] => (holds ? [] : [fault]);

const types: Record<string, (value: JsonValue | undefined) => boolean> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};

/** A number within its bounds; values of other types pass. */
const bound =
  (measure: (value: JsonValue | undefined) => number | undefined, fits: (has: number, limit: number) => boolean): Check =>
  (value, limit, { at }) => {
    const has = measure(value);
    return unless(has === undefined || fits(has, limit as number), `${at}: ${has} is beyond ${limit}`);
  };
const number = (value: JsonValue | undefined): number | undefined => (typeof value === "number" ? value : undefined);
const length = (value: JsonValue | undefined): number | undefined =>
  typeof value === "string" || Array.isArray(value) ? value.length : undefined;
const atLeast = (has: number, limit: number): boolean => has >= limit;
const atMost = (has: number, limit: number): boolean => has <= limit;

const checks: Record<string, Check> = {
  $ref(value, reference, { document, at }) {
    const target = String(reference)
      .split("/")
      .slice(1)
      .reduce<JsonValue | undefined>((node, name) => (isObject(node) ? node[name] : undefined), document);
    return isObject(target) ? faultsOf(value, target, document, at) : [`${at}: ${reference} leads nowhere`];
  },
  type(value, type, { at }) {
    const names = Array.isArray(type) ? (type as string[]) : [type as string];
    return unless(
      names.some((name) => types[name]?.(value)),
      `${at} is ${JSON.stringify(value)?.slice(0, 60)}, expected ${names.join(" or ")}`,
    );
  },
  enum: (value, list, { at }) =>
    unless(
      (list as JsonValue[]).some((one) => same(value, one)),
      `${at} is ${JSON.stringify(value)}, expected one of ${JSON.stringify(list)}`,
    ),
  const: (value, one, { at }) => unless(same(value, one), `${at} is ${JSON.stringify(value)}, expected ${JSON.stringify(one)}`),
  required: (value, names, { at }) =>
    isObject(value) ? (names as string[]).flatMap((name) => unless(Object.hasOwn(value, name), `${at}.${name} is missing`)) : [],
  properties: (value, properties, { document, at }) =>
    isObject(value)
      ? Object.entries(properties as Record<string, JsonObject>).flatMap(([name, schema]) =>
          Object.hasOwn(value, name) ? faultsOf(value[name], schema, document, `${at}.${name}`) : [],
        )
      : [],
  additionalProperties(value, allowed, { schema, document, at }) {
    if (!isObject(value)) return [];
    const others = Object.keys(value).filter((name) => !Object.hasOwn((schema.properties ?? {}) as JsonObject, name));
    if (allowed === false) return others.map((name) => `${at}.${name} is not described`);
    return isObject(allowed) ? others.flatMap((name) => faultsOf(value[name], allowed, document, `${at}.${name}`)) : [];
  },
  items: (value, schema, { document, at }) =>
    Array.isArray(value) ? value.flatMap((item, i) => faultsOf(item as JsonValue, schema as JsonObject, document, `${at}[${i}]`)) : [],
  anyOf: (value, schemas, { document, at }) =>
    unless(
      (schemas as JsonObject[]).some((schema) => faultsOf(value, schema, document, at).length === 0),
      `${at} fits none of its schemas`,
    ),
  pattern: (value, pattern, { at }) =>
    unless(typeof value !== "string" || new RegExp(pattern as string, "u").test(value), `${at}: pattern`),
  minLength: bound(length, atLeast),
  maxLength: bound(length, atMost),
  minItems: bound(length, atLeast),
  maxItems: bound(length, atMost),
  minimum: bound(number, atLeast),
  maximum: bound(number, atMost),
};
