/** What of a request is kept in the audit log (U2 of `audit.ts`). */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { longest } from "./audit.ts";

const naming = /(?:Arn|Name|Id|Url|Username|Rule|state|minutes|action)$|^(?:name|arn|Name|status|reopensAt|storeOpen|topic)$/;
const secret = /token|password|secret|credential|code$/i;

/** The names of a table's key attributes. */
export type KeyNames = (table: string) => readonly string[];

/** The members of a request that name what it is about; keys of an item count, and where events come from and what they are. */
export function namesOf(request: JsonValue, keyNames: KeyNames = () => []): JsonObject {
  if (!isObject(request)) return {};
  const members = Object.entries(request).flatMap(([name, value]): [string, JsonValue][] => {
    if (secret.test(name)) return [];
    if (name === "Entries" && Array.isArray(value)) return eventsIn(value);
    if (name === "Item" && isObject(value)) return namesIn({ Key: keyIn(value, keyNames(String(request.TableName))) });
    return namesIn({ [name]: value });
  });
  return Object.fromEntries(members.slice(0, 20));
}

function namesIn(members: JsonObject): [string, JsonValue][] {
  return Object.entries(members).flatMap(([name, value]): [string, JsonValue][] => {
    if (name === "Key" && JSON.stringify(value).length <= longest) return [[name, JSON.stringify(value)]];
    return naming.test(name) && ["string", "number", "boolean"].includes(typeof value) ? [[name, value]] : [];
  });
}

function keyIn(item: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

/** Of entries of `PutEvents`; other batches have neither. */
function eventsIn(entries: readonly JsonValue[]): [string, JsonValue][] {
  return ["Source", "DetailType"].flatMap((name): [string, JsonValue][] => {
    const found = new Set(entries.flatMap((entry) => (isObject(entry) && typeof entry[name] === "string" ? [entry[name]] : [])));
    return found.size === 0 ? [] : [[name, [...found].join(", ")]];
  });
}

/** What a setting is set to: numbers and switches; texts are named alone. */
export function settingsOf(body: JsonValue): JsonObject {
  if (!isObject(body)) return {};
  const names = Object.keys(body);
  const figures = Object.entries(body).filter(
    ([name, value]) => typeof value === "boolean" || (typeof value === "number" && !secret.test(name)),
  );
  return { ...Object.fromEntries(figures.slice(0, 20)), ...(names.length > 0 && { members: names.join(", ") }) };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
