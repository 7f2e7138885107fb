/** Requests and answers as a workflow's state has them: members in PascalCase and instants in ISO 8601, whatever the service's own wire has. */
import type { ServiceDescription } from "@serverlesspresso/aws-service";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { changeFirst, changeMembers } from "./member-names.ts";

/** Changes the forms of one operation's request and answer. */
export interface SdkForm {
  /** Returns the service's request. @throws {AwsServiceError} where a text is no JSON */
  request(parameters: JsonObject): JsonObject;
  /** Returns the answer as a state gets it. */
  answer(answer: JsonObject): JsonObject;
}

/** Returns the forms of the operation of this name. */
export function createSdkForm({ isCamelCase = false, instants = [], errors, operations }: ServiceDescription, name: string): SdkForm {
  const { jsonTexts = [], jsonBlobs = [] } = operations[name] ?? {};

  function ownValue(member: string, value: JsonValue): JsonValue {
    if (jsonTexts.includes(member)) return typeof value === "string" ? value : JSON.stringify(value);
    if (jsonBlobs.includes(member)) return parsed(member, value);
    return isCamelCase ? changeMembers(value, "toLowerCase") : value;
  }

  function parsed(member: string, value: JsonValue): JsonValue {
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value) as JsonValue;
    } catch {
      throw errors.invalid({ member, path: member, value, constraint: "Member must be JSON", message: `${member} is not JSON` });
    }
  }

  const shared = new WeakMap<JsonObject, JsonObject>();
  const isPlain = !isCamelCase && jsonTexts.length + jsonBlobs.length === 0;
  return {
    request(parameters) {
      if (isPlain) return parameters;
      const members = Object.entries(parameters).map(([member, value]): [string, JsonValue] => {
        const own = isCamelCase ? changeFirst(member, "toLowerCase") : member;
        return [own, ownValue(own, value)];
      });
      return Object.fromEntries(members);
    },
    answer(answer) {
      const lists = Object.entries(answer).filter(isSharedList);
      if (lists.length === 0) return formed(answer);
      const others = formed({ ...answer, ...Object.fromEntries(lists.map(([name]) => [name, []])) });
      const formedLists = lists.map(([name, entries]) => [isCamelCase ? changeFirst(name, "toUpperCase") : name, entries.map(formedOnce)]);
      return { ...others, ...Object.fromEntries(formedLists) };
    },
  };

  function formed(answer: JsonObject): JsonObject {
    const told = withTexts(withIsoInstants(answer, instants), jsonBlobs);
    return isCamelCase ? changeMembers(told, "toUpperCase") : told;
  }

  function formedOnce(entry: JsonObject): JsonObject {
    let form = shared.get(entry);
    if (form === undefined) shared.set(entry, (form = Object.freeze(formed(entry))));
    return form;
  }
}

/** Whether a member is a list whose entries its service gives again and again: they are frozen, so that their forms may be shared too. */
function isSharedList(member: [string, JsonValue | undefined]): member is [string, readonly JsonObject[]] {
  const [, list] = member;
  return (
    Array.isArray(list) && list.length > 0 && list.every((entry) => typeof entry === "object" && entry !== null && Object.isFrozen(entry))
  );
}

function withTexts(answer: JsonObject, jsonBlobs: readonly string[]): JsonObject {
  const texts = jsonBlobs.flatMap((name) => (answer[name] === undefined ? [] : [[name, JSON.stringify(answer[name])]]));
  return texts.length === 0 ? answer : { ...answer, ...Object.fromEntries(texts) };
}

function withIsoInstants(answer: JsonObject, instants: readonly string[]): JsonObject {
  // Most answers have no instant: items above all, which are not copied for nothing.
  if (instants.length === 0 || !hasInstant("", answer, instants)) return answer;
  const within = (name: string, value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map((entry: JsonValue) => within(name, entry));
    if (typeof value === "object" && value !== null) return withIsoInstants(value as JsonObject, instants);
    return typeof value === "number" && instants.includes(name) ? new Date(Math.round(value * 1000)).toISOString() : value;
  };
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, within(name, value)]));
}

function hasInstant(name: string, value: JsonValue | undefined, instants: readonly string[]): boolean {
  if (typeof value === "number") return instants.includes(name);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((entry: JsonValue) => hasInstant(name, entry, instants));
  const members = value as JsonObject;
  for (const member in members) if (hasInstant(member, members[member], instants)) return true;
  return false;
}
