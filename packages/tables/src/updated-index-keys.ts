import { type AttributeMap, attributeOf, contentOf, typeOf } from "./attribute-value.ts";
import { SchemaMismatchError } from "./errors.ts";
import type { ResolvedPath } from "./expressions/placeholders.ts";
import { binaryBytes } from "./item-size.ts";
import type { KeyAttribute } from "./key-schema.ts";
import type { TableDefinition } from "./table-definition.ts";

const maxHashBytes = 2048;
const maxSortBytes = 1024;

/**
 * Checks the attributes of an update that are keys of secondary indexes: AWS has words of its own for these.
 * @throws {TablesError} `ValidationException`
 */
export function checkUpdatedIndexKeys(table: TableDefinition, item: AttributeMap, paths: readonly ResolvedPath[]): void {
  for (const { hash, sort } of table.indexes) {
    checkKey(hash, maxHashBytes, item, paths);
    if (sort !== undefined) checkKey(sort, maxSortBytes, item, paths);
  }
}

function checkKey({ name, type }: KeyAttribute, maxBytes: number, item: AttributeMap, paths: readonly ResolvedPath[]): void {
  const value = paths.some(([first]) => first === name) ? attributeOf(item, name) : undefined;
  if (value === undefined) return;
  if (typeOf(value) !== type) {
    throw new SchemaMismatchError("The update expression attempted to update the secondary index key to unsupported type");
  }
  if (type === "N") return;
  const content = contentOf(value) as string;
  if (content === "") {
    throw new SchemaMismatchError(
      "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. " +
        `The AttributeValue for a key attribute cannot contain an empty ${type === "S" ? "string" : "binary"} value.`,
    );
  }
  if ((type === "B" ? binaryBytes(content) : Buffer.byteLength(content)) > maxBytes) {
    throw new SchemaMismatchError("The update expression attempted to update the secondary index key beyond allowed size limits");
  }
}
