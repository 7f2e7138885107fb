import { invalid } from "./errors.ts";
import { type Placeholders, resolvePath } from "./expressions/placeholders.ts";
import type { Parsed } from "./expressions/syntax.ts";
import type { TableDefinition } from "./table-definition.ts";

/**
 * Refuses paths that reach into a key, which is a scalar.
 * @throws {TablesError} `ValidationException`
 */
export function checkScalarKeys(
  table: TableDefinition,
  expressions: readonly (Parsed<unknown> | undefined)[],
  placeholders: Placeholders,
): void {
  for (const expression of expressions) {
    for (const path of expression?.nested ?? []) {
      const name = resolvePath(path, placeholders)[0] as string;
      const found = kindOfKey(table, name);
      if (found === undefined) continue;
      throw invalid(`Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${found}: ${name}`);
    }
  }
}

function kindOfKey(table: TableDefinition, name: string): "Key" | "IndexKey" | undefined {
  if (name === table.hash.name || name === table.sort?.name) return "Key";
  return table.indexes.some(({ hash, sort }) => name === hash.name || name === sort?.name) ? "IndexKey" : undefined;
}
