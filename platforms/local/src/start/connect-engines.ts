/** The second phase of a start (P5): each engine is given what it calls of the others. */
import type { ConnectionParameters } from "@serverlesspresso/event-bus";
import type { WireServices } from "../aws/wire-service.ts";
import type { Engines } from "../engines.ts";
import { createIntegrations } from "../integrations.ts";
import { createApiDestinationTarget } from "../outbound/api-destination.ts";
import type { CallHttp } from "../outbound/http-client.ts";
import { createHttpTask } from "../outbound/http-task.ts";
import { place } from "../place.ts";
import { eventOf } from "../status-events.ts";
import { logExpress } from "../workflow-logs.ts";
import type { EngineCalls } from "./engine-calls.ts";
import type { MadeEngines } from "./make-engines.ts";

/** What engines call beside each other. */
export interface Surroundings {
  readonly callHttp: CallHttp;
  /** What tasks reach as `aws-sdk:*`. */
  readonly services: WireServices;
  /** The address under which the services are reached. */
  readonly origin: () => string;
}

/** The log stream of what rules deliver. */
const eventStream = "events";

/** Connects every engine. @throws {ConnectionError} `AlreadyConnected` */
export function connectEngines({ engines, connections }: MadeEngines, around: Surroundings): void {
  const { functions, streams, tables, deadlines } = engines;
  connections.functions.connect({ log: engines.logs.append });
  connections.streams.connect({ functions });
  connections.tables.connect({
    onStreamRecords(tx, tableName, records) {
      streams.accept(tx, tableName, records);
      deadlines.accept(tx, tableName);
    },
  });
  connections.deadlines.connect({ functions, tables });
  connections.workflows.connect(callsOfWorkflows(engines, around));
  connections.bus.connect(callsOfBus(engines, around));
}

function callsOfWorkflows(engines: Engines, { callHttp, services, origin }: Surroundings): EngineCalls["workflows"] {
  const { functions, logs, bus, ids } = engines;
  const httpTask = createHttpTask({ call: callHttp, region: place.region, connectionParameters: parametersOf(engines) });
  return {
    invokeFunction: functions.invoke,
    log: (entry) => logExpress(logs, entry),
    onStatusChange: (tx, change) => bus.putServiceEvent(tx, eventOf(change)),
    integrations: createIntegrations({ ...engines, services: services.values(), origin, httpTask, requestId: ids.uuid }),
  };
}

function callsOfBus(engines: Engines, { callHttp }: Surroundings): EngineCalls["bus"] {
  const { store, clock, logs, functions, queues, workflows, bus } = engines;
  return {
    functions,
    workflows,
    queues,
    callApiDestination: createApiDestinationTarget({
      call: callHttp,
      apiDestination: (arn) => bus.apiDestination(store, arn),
      connectionParameters: parametersOf(engines),
    }).deliver,
    writeLog: (tx, group, line) => logs.putLogEvents(tx, group, eventStream, [{ timestampMs: clock.nowMs(), message: line }]),
    linkLog: (tx, group, event) => logs.link(tx, group, eventStream, event),
    marksReadFromMs: logs.linkedFromMs,
    deadLetter(tx, queueArn, { body, attributes }) {
      const texts = Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]);
      queues.sendMessage(tx, queueArn, { body, attributes: Object.fromEntries(texts) });
    },
  };
}

/** What a connection of EventBridge holds, by its ARN. */
function parametersOf({ bus, store }: Engines): (arn: string) => ConnectionParameters | undefined {
  return (arn) => bus.connectionParameters(store, arn);
}
