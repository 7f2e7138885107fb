export type { AttributeMap, AttributeType, AttributeValue } from "./attribute-value.ts";
export { type CancellationReason, TablesError, type TablesErrorCode, TransactionCanceledError } from "./errors.ts";
export { itemBytes } from "./item-size.ts";
export { marshall, marshallValue, unmarshall, unmarshallValue } from "./marshall.ts";
export { createTables, type TablesEngine, type TablesOptions } from "./tables.ts";
export { createTablesPort } from "./tables-port.ts";
export type { ItemEntry, TableStreamRecord } from "./writer.ts";
