/**
 * The names under which a bar's resources stand (docs/spec.md section 2).
 *
 * N1. The first bar, `Serverlesspresso`, has exactly the names of docs/spec.md section 2.
 * N2. Another bar shares no name with it that must be unique in one account or one process.
 * N3. Index names belong to their table, so they stay the same.
 */
import { firstBar, type TopicNames, topicNamesOf } from "./topic-names.ts";

/** Every name that more than one part of the system uses. */
export interface Names extends TopicNames {
  /** The bar itself. */
  readonly bar: string;
  readonly bus: string;
  readonly eventSource: string;
  /** The log group that keeps every event. */
  readonly eventLogGroup: string;
  /** The queue for what a rule cannot deliver. */
  readonly deadLetterQueue: string;
  readonly configTable: string;
  readonly countingTable: string;
  readonly orderTable: string;
  readonly validatorTable: string;
  readonly metricsTable: string;
  /** What the platform itself keeps for a while. */
  readonly platformTable: string;
  readonly ordersByState: string;
  readonly ordersByUser: string;
  readonly metricsNamespace: string;
  readonly metricsQueue: string;
  readonly metricsQueueCloudwatch: string;
  readonly dashboard: string;
  readonly orderProcessor: string;
  readonly orderManager: string;
  readonly userPool: string;
  /** Where API Gateway logs its requests. */
  readonly apiLogGroup: string;
}

const barPattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const mostLetters = 24;

/** Names of that form that stand for something else, and for what. */
const takenNames: Readonly<Record<string, string>> = {
  [firstBar.toLowerCase()]: "has the first bar's tables",
  default: "is EventBridge's own bus",
};

/**
 * Returns the names of a bar.
 * @param bar `Serverlesspresso`, or up to 24 lower-case letters, digits and hyphens: a letter first, each hyphen between two of the others
 * @throws {RangeError} for any other name, and for one that is taken
 */
export function namesOf(bar: string = firstBar): Names {
  const lower = bar.toLowerCase();
  if (bar !== firstBar) checkBar(bar, lower);
  return {
    bar,
    bus: bar,
    eventSource: `awsserverlessda.${lower}`,
    eventLogGroup: `/aws/events/${lower}EventBus`,
    deadLetterQueue: `${bar}-DLQ`,
    configTable: `${lower}-config-table`,
    countingTable: `${lower}-counting-table`,
    orderTable: `${lower}-order-table`,
    validatorTable: `${lower}-validator-table`,
    metricsTable: `${lower}-metrics-table`,
    platformTable: `${lower}-platform-table`,
    ordersByState: "by-state",
    ordersByUser: "by-user",
    ...topicNamesOf(bar),
    metricsNamespace: bar,
    metricsQueue: physicalName(bar, "MetricsQueue"),
    metricsQueueCloudwatch: physicalName(bar, "MetricsQueue-Cloudwatch"),
    dashboard: `${bar}_Metrics`,
    orderProcessor: physicalName(bar, "OrderProcessorWorkflow"),
    orderManager: physicalName(bar, "OrderManagerStateMachine"),
    userPool: `${bar}UserPool`,
    apiLogGroup: `/aws/apigateway/${bar}`,
  };
}

function checkBar(bar: string, lower: string): void {
  const expected = `expected ${firstBar}, or up to ${mostLetters} lower-case letters, digits and hyphens, a letter first and each hyphen between two of the others`;
  const refuse = (why: string): never => {
    throw new RangeError(`bar "${bar}": ${why}${expected}`);
  };
  // AWS compares neither of the two by case.
  if (Object.hasOwn(takenNames, lower)) refuse(`"${lower}" ${takenNames[lower]}, `);
  if (lower.startsWith("aws")) refuse(`"aws" begins names that AWS keeps for itself, `);
  if (bar.length > mostLetters || !barPattern.test(bar)) refuse("");
}

/** Returns what stands in the account for `name` of the blueprint (a function, a queue, a table of one service): the name itself for the first bar. */
export function physicalName(bar: string, name: string): string {
  return bar === firstBar ? name : `${bar}-${name}`;
}

/** The names of the first bar. */
export const names: Names = namesOf();
