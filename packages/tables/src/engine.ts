import { operationsOn } from "@serverlesspresso/aws-service";
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Catalog } from "./catalog.ts";
import type { Expiry } from "./expiry.ts";
import type { StreamLog } from "./stream-log.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { Writer } from "./writer.ts";

/** What the operations of DynamoDB and of DynamoDB Streams work on. */
export interface TablesCore {
  readonly clock: Clock;
  readonly ids: Pick<Ids, "uuid">;
  readonly catalog: Catalog;
  readonly writer: Writer;
  readonly expiry: Expiry;
  readonly log: StreamLog;
  readonly tableArn: (name: string) => string;
  readonly streamArn: (table: TableDefinition) => string;
  readonly nextSequenceNumber: () => string;
}

/** The verbs that make operations. */
export const { read, write } = operationsOn<TablesCore>();
