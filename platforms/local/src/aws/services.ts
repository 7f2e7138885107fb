/** What answers AWS's calls: the engines in this process, each under AWS's own name for it. */
import { type BoundService, callOperation } from "@serverlesspresso/aws-service";
import { lambda } from "@serverlesspresso/functions";
import type { UserPool } from "@serverlesspresso/identity";
import type { Topics } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { iotData } from "@serverlesspresso/topics";
import type { Engines } from "../engines.ts";
import { place } from "../place.ts";
import { sts } from "./sts.ts";
import type { WireService, WireServices } from "./wire-service.ts";

/** The engines behind the services. */
export interface AwsServicesOptions {
  readonly engines: Engines;
  readonly pool: UserPool;
  readonly topics: Topics;
  readonly onError: (error: unknown, what: string) => void;
  readonly further?: readonly BoundService[];
}

/** One line for each service. */
export function createAwsServices({ engines, pool, topics, onError, further = [] }: AwsServicesOptions): WireServices {
  const { store, tables, workflows, bus, queues, logs, metrics } = engines;
  const services: readonly BoundService[] = [
    pool,
    tables.streams,
    tables,
    workflows,
    bus,
    queues,
    logs,
    metrics,
    lambda.on({ ...engines.functions, onError }),
    iotData.on(topics),
    sts.on(place),
    ...further,
  ];
  return new Map(services.map((bound) => [bound.service.target, answering(store, bound)]));
}

function answering(store: Store, bound: BoundService): WireService {
  return { ...bound, call: (...call) => callOperation(store, bound, ...call) };
}
