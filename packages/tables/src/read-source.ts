/** Where a Query or Scan reads, and what of each item it shows. */
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import type { AttributeMap } from "./attribute-value.ts";
import type { Catalog } from "./catalog.ts";
import { invalid } from "./errors.ts";
import type { ResolvedPath } from "./expressions/placeholders.ts";
import { project } from "./expressions/project.ts";
import type { IndexDefinition } from "./index-definition.ts";
import { indexGroup, itemGroup } from "./item-key.ts";
import type { KeySchema } from "./key-schema.ts";
import { Flag, oneOf, TableName, Text } from "./members.ts";
import type { TableDefinition } from "./table-definition.ts";

/** Where a Query or Scan reads: the table, or one of its indexes. */
export interface Source {
  readonly table: TableDefinition;
  readonly index?: IndexDefinition;
  readonly keys: KeySchema;
  readonly group: string;
}

/** What a Query or Scan says of it. */
export const SourceRequest = z.object({
  TableName,
  IndexName: Text,
  ConsistentRead: Flag,
  Select: oneOf(["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"]),
});
type SourceRequest = z.output<typeof SourceRequest>;

/** @throws {TablesError} where there is no such table or index */
export function readSource(catalog: Catalog, view: ReadView, request: SourceRequest): Source {
  const table = catalog.get(view, request.TableName);
  const name = request.IndexName ?? undefined;
  if (name === undefined) return { table, keys: table, group: itemGroup(table) };
  const index = table.indexes.find((one) => one.name === name);
  if (index === undefined) throw invalid(`The table does not have the specified index: ${name}`);
  if (index.kind === "global" && request.ConsistentRead) {
    throw invalid("Consistent reads are not supported on global secondary indexes");
  }
  return { table, index, keys: index, group: indexGroup(table, index) };
}

/** A global index knows its own attributes alone. @throws {TablesError} `ValidationException` */
export function checkProjected({ table, index }: Source, names: readonly string[], use: "filter" | "projection"): void {
  if (index === undefined || index.kind !== "global" || index.projection === "ALL") return;
  const known = projectedNames(table, index);
  const unknown = [...new Set(names)].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const what =
    use === "filter"
      ? `Secondary index ${index.name} does not project one or more filter attributes:`
      : `Global secondary index ${index.name} does not project`;
  throw invalid(`One or more parameter values were invalid: ${what} [${unknown.join(", ")}]`);
}

/** What becomes of each item found: counted, whole, or a part. */
export function readShape(
  request: SourceRequest,
  source: Source,
  paths: readonly ResolvedPath[] | undefined,
): "count" | ((item: AttributeMap) => AttributeMap) {
  const { index } = source;
  const select = request.Select ?? undefined;
  if (paths !== undefined && select !== undefined && select !== "SPECIFIC_ATTRIBUTES") {
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${select === "COUNT" ? "only the Count" : select}`);
  }
  if (select === "SPECIFIC_ATTRIBUTES" && paths === undefined) {
    throw invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  }
  if (select === "ALL_PROJECTED_ATTRIBUTES" && index === undefined) {
    throw invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (select === "COUNT") return "count";
  const partial = index === undefined || index.projection === "ALL" ? undefined : index;
  if (select === "ALL_ATTRIBUTES" && partial?.kind === "global") {
    throw invalid(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${partial.name} because its projection type is not ALL`,
    );
  }
  if (paths !== undefined) {
    checkProjected(
      source,
      paths.map(([name]) => name as string),
      "projection",
    );
    return (item) => project(item, paths);
  }
  if (partial === undefined || select === "ALL_ATTRIBUTES") return (item) => item;
  return (item) => projected(source.table, partial, item);
}

/** What an index without all attributes holds of an item. */
function projected(table: TableDefinition, index: IndexDefinition, item: AttributeMap): AttributeMap {
  return project(
    item,
    projectedNames(table, index).map((name) => [name]),
  );
}

function projectedNames(table: TableDefinition, index: IndexDefinition): string[] {
  const keys = [table.hash, table.sort, index.hash, index.sort].flatMap((attribute) => attribute?.name ?? []);
  return [...new Set([...keys, ...index.included])];
}
