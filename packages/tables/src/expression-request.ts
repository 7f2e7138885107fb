/** The expressions of one request, parsed, checked and ready to run. */
import type { AttributeMap } from "./attribute-value.ts";
import { TablesError } from "./errors.ts";
import { checkCondition } from "./expressions/check-operands.ts";
import { holds } from "./expressions/evaluate-condition.ts";
import { conditionParsers, parseProjectionCached } from "./expressions/parse-cache.ts";
import {
  type Placeholders,
  type RequestExpressions,
  type ResolvedPath,
  readPlaceholders,
  resolvePath,
} from "./expressions/placeholders.ts";
import { checkDisjoint, project } from "./expressions/project.ts";
import type { Condition, Parsed, Path } from "./expressions/syntax.ts";
import { checkScalarKeys } from "./scalar-keys.ts";
import type { TableDefinition } from "./table-definition.ts";
import { asJson } from "./writer.ts";

/** Whether an item meets a condition; one that is not there is `undefined`. */
export type Test = (item: AttributeMap | undefined) => boolean;
/** Returns the part of an item that a projection expression names. */
export type Projection = (item: AttributeMap) => AttributeMap;

const empty: AttributeMap = {};

type Text = string | null | undefined;
/** The expressions of a request that are conditions. */
type ConditionRequest = { readonly [Kind in keyof typeof conditionParsers]?: Text };
type PlaceholderRequest = { readonly ExpressionAttributeNames?: unknown; readonly ExpressionAttributeValues?: unknown };
type ProjectionRequest = { readonly ProjectionExpression?: Text };

/** Returns the parsed condition under a parameter, or undefined without the parameter. */
export function parsedCondition(request: ConditionRequest, kind: keyof ConditionRequest): Parsed<Condition> | undefined {
  const text = request[kind] ?? undefined;
  return text === undefined ? undefined : conditionParsers[kind](text);
}

/** The parsed `ProjectionExpression`, or undefined. */
export function parsedProjection(request: ProjectionRequest): Parsed<readonly Path[]> | undefined {
  const text = request.ProjectionExpression ?? undefined;
  return text === undefined ? undefined : parseProjectionCached(text);
}

/** Reads the placeholders that all expressions of the request share. */
export function placeholdersOf(request: PlaceholderRequest, expressions: RequestExpressions): Placeholders {
  return readPlaceholders(request.ExpressionAttributeNames, request.ExpressionAttributeValues, expressions);
}

/** Returns the condition as a test; undefined without a condition. */
export function testOf(kind: string, parsed: Parsed<Condition> | undefined, placeholders: Placeholders): Test | undefined {
  if (parsed === undefined) return undefined;
  checkCondition(kind, parsed.tree, placeholders);
  return (item) => holds(parsed.tree, item ?? empty, placeholders);
}

/** Returns the projection's paths with real names; undefined without a projection. */
export function projectionPaths(
  parsed: Parsed<readonly Path[]> | undefined,
  placeholders: Placeholders,
): readonly ResolvedPath[] | undefined {
  if (parsed === undefined) return undefined;
  const paths = parsed.tree.map((path) => resolvePath(path, placeholders));
  checkDisjoint("ProjectionExpression", paths);
  return paths;
}

/** The projection of a request that has no other expression. */
export function onlyProjection(table: TableDefinition, request: ProjectionRequest & PlaceholderRequest): Projection | undefined {
  const parsed = parsedProjection(request);
  const placeholders = placeholdersOf(request, { ProjectionExpression: parsed });
  checkScalarKeys(table, [parsed], placeholders);
  const paths = projectionPaths(parsed, placeholders);
  return paths === undefined ? undefined : (item) => project(item, paths);
}

/** The failure of a condition, with the item where it was asked for. */
export function conditionFailed(item: AttributeMap | undefined): TablesError {
  const data = item === undefined ? {} : { Item: asJson(item) };
  return new TablesError("ConditionalCheckFailedException", "The conditional request failed", { data });
}
