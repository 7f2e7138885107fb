import type { QueryMap, QueryShapes } from "@serverlesspresso/aws-service";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { AwsFailure } from "./failure.ts";

type Tree = Map<string, Tree | string>;

const mostParameters = 20_000;
const deepest = 10;

/** Parameters such as `MetricData.member.1.Value=3` as the request they stand for. @throws {AwsFailure} `MalformedInput` */
export function readQueryRequest(operation: string, parameters: URLSearchParams, shapes: QueryShapes): JsonObject {
  const root: Tree = new Map();
  if (parameters.size > mostParameters) throw malformed(`there are more than ${mostParameters} parameters`);
  for (const [name, value] of parameters) {
    if (name !== "Action" && name !== "Version") plant(root, name.split("."), value);
  }
  return createReader(operation, shapes)(root);
}

function plant(root: Tree, path: readonly string[], value: string): void {
  if (path.length > deepest) throw malformed("a parameter's name has too many parts");
  if (path.includes("__proto__")) throw malformed("a parameter's name is not allowed");
  let tree = root;
  for (const part of path.slice(0, -1)) {
    const next = tree.get(part) ?? new Map<string, Tree | string>();
    if (typeof next === "string") throw malformed(`the parameter ${part} is a value and a structure`);
    tree.set(part, next);
    tree = next;
  }
  const last = path.at(-1) ?? "";
  if (tree.has(last)) throw malformed(`the parameter ${last} is there twice`);
  tree.set(last, value);
}

function createReader(operation: string, shapes: QueryShapes): (tree: Tree) => JsonObject {
  function objectOf(tree: Tree): JsonObject {
    return Object.fromEntries([...tree].map(([name, value]) => memberOf(name, value, tree)));
  }

  function memberOf(name: string, value: Tree | string, owner: Tree): [string, JsonValue] {
    const map = own(shapes.maps, name);
    const list = own(shapes.lists, name);
    if (list !== undefined) return [list, typeof value === "string" ? [value] : inOrder(value).map((one) => read(name, one, owner))];
    if (map !== undefined && typeof value !== "string") return [map.member(operation), mapOf(value, map)];
    return [name, read(name, value, owner)];
  }

  function read(name: string, value: Tree | string, owner: Tree): JsonValue {
    if (typeof value === "string") return scalarOf(name, value, owner);
    const entries = value.get("member");
    if (value.size === 1 && entries instanceof Map) return inOrder(entries).map((one) => read(name, one, owner));
    return objectOf(value);
  }

  function mapOf(rows: Tree, { key, value }: QueryMap): JsonObject {
    return Object.fromEntries(
      inOrder(rows).map((row) => {
        const name = typeof row === "string" ? undefined : row.get(key);
        const given = typeof row === "string" ? undefined : row.get(value);
        if (typeof name !== "string" || given === undefined) throw malformed(`a ${key} or ${value} is missing`);
        return [name, typeof given === "string" ? given : objectOf(given)];
      }),
    );
  }

  function scalarOf(name: string, value: string, owner: Tree): JsonValue {
    const beside = own(shapes.numbersBeside, name);
    if (shapes.booleans?.includes(name)) return value === "true";
    if (!shapes.numbers?.includes(name) && (beside === undefined || !owner.has(beside))) return value;
    const number = Number(value);
    if (value.trim() === "" || !Number.isFinite(number)) throw malformed(`the value of ${name} is not a number`);
    return number;
  }

  return objectOf;
}

function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function inOrder(entries: Tree): (Tree | string)[] {
  return [...entries].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
}

function malformed(message: string): AwsFailure {
  return new AwsFailure(400, "MalformedInput", `The request is not well-formed: ${message}`);
}
