import { operationsOn } from "@serverlesspresso/aws-service";
import type { Clock } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { Sample } from "./metric-store.ts";

/** What the operations work on. */
export interface MetricsEngine {
  readonly clock: Clock;
  readonly account: string;
  readonly put: (tx: Transaction, sample: Sample) => void;
}

/** The verbs that make operations. */
export const { list, read, write } = operationsOn<MetricsEngine>();
