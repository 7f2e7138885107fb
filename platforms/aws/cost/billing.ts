/**
 * What AWS bills for each kind of operation that a run counts.
 *
 * CB1. Every kind has an entry; a kind without an entry is refused, so that nothing is free by oversight.
 */
import { type Deployment, durationMs, memoryMb } from "./deployment.ts";
import { sum, times, type Usage } from "./prices.ts";

const gb = 1024 ** 3;
/** The memory of a state of an Express workflow, in GB. AWS bills in steps of 64 MB and 100 ms; the last step is half used on average. */
const expressGb = 64 / 1024;
const halfExpressStepSeconds = 0.05;
/** The headers of an HTTP response, TLS included. */
const headerBytes = 600;
/** A QoS 1 message to a client is billed as two: the PUBLISH and the client's PUBACK. */
const delivered = 2;
/** CONNECT and SUBSCRIBE. */
const messagesPerLink = 2;

type Bill = (name: string, amount: number, deployment: Deployment) => Usage;

/** A key costs two writes: a claim when the call begins, and its answer. */
const writesPerKey = 2;

function invocation(name: string, amount: number, deployment: Deployment): Usage {
  return {
    "lambda.request": amount,
    "lambda.gbSecond": (amount * durationMs(name, deployment) * memoryMb(name, deployment)) / 1024 / 1000,
    "logs.ingestedGb": (amount * deployment.lambdaLogBytes) / gb,
  };
}

/** How many clients receive a message of a topic. */
const listeners: Readonly<Record<string, (deployment: Deployment) => number>> = {
  admin: ({ screens }) => screens,
  user: () => 1,
  config: ({ screens, guestsPerBar, phoneMinutes, openHours }) => screens + (guestsPerBar * phoneMinutes) / (openHours * 60),
};
function listenersOf(audience: string, deployment: Deployment): number {
  const count = listeners[audience];
  if (count === undefined) throw new RangeError(`topic "${audience}": the number of its subscribers is not known`);
  return count(deployment);
}

const bills: Readonly<Record<string, Bill>> = {
  states: (_, amount) => ({ "sfn.transition": amount }),
  express: (_, amount) => ({ "sfn.expressRequest": amount, "sfn.expressGbSecond": amount * halfExpressStepSeconds * expressGb }),
  "express.states": (_, amount, { expressStateMs, expressLogBytesPerState }) => ({
    "sfn.expressGbSecond": (amount * expressStateMs * expressGb) / 1000,
    "logs.ingestedGb": (amount * expressLogBytesPerState) / gb,
  }),
  lambda: invocation,
  "dynamodb.write": (_, amount) => ({ "dynamodb.write": amount }),
  "dynamodb.read": (_, amount) => ({ "dynamodb.read": amount }),
  // The same units again, counted by key for the rate of each partition; they cost nothing more.
  "dynamodb.heat": () => ({}),
  "dynamodb.readHeat": () => ({}),
  events: (_, amount) => ({ "events.custom": amount }),
  "events.bytes": (_, amount) => ({ "events.archiveGb": amount / gb }),
  http: (name, amount, deployment) =>
    sum(
      {
        "apigateway.httpRequest": amount,
        "logs.ingestedGb": (amount * deployment.accessLogBytes) / gb,
        "transfer.outGb": (amount * headerBytes) / gb,
      },
      times(behind(name, deployment), amount),
    ),
  "http.bytes": (_, amount) => ({ "transfer.outGb": amount / gb }),
  "iot.publish": (audience, amount, deployment) => ({ "iot.message": amount * (1 + delivered * listenersOf(audience, deployment)) }),
  "iot.bytes": (audience, amount, deployment) => ({ "transfer.outGb": (amount * listenersOf(audience, deployment)) / gb }),
  "iot.link": (_, amount, deployment) =>
    sum({ "iot.message": amount * messagesPerLink }, invocation("AuthorizeTopics", amount, deployment)),
  "logs.bytes": (_, amount) => ({ "logs.ingestedGb": amount / gb }),
  metrics: (_, amount) => ({ "cloudwatch.metricRequest": amount, "dynamodb.write": amount * writesPerKey }),
  // The rule's function starts it under the order's name.
  start: (_, amount, deployment) => sum(invocation("StartOrderProcessor", amount, deployment), { "xray.trace": amount }),
  "sqs.send": (_, amount) => ({ "sqs.request": amount }),
  // Received in one request, deleted in another.
  "sqs.batch": (_, amount) => ({ "sqs.request": 2 * amount }),
};

/** Returns the usage of a request apart from its function, which is counted by itself. @throws {RangeError} if the blueprint has no such route */
function behind(operationId: string, deployment: Deployment): Usage {
  const route = deployment.blueprint.routes.find((one) => one.operationId === operationId);
  if (route === undefined) throw new RangeError(`"${operationId}" is no route of the blueprint: its cost is not known`);
  // The HTTP API forwards the request to a REST API, which runs the workflow.
  if ("workflow" in route.target) return { "apigateway.restRequest": 1, "xray.trace": 1 };
  if (operationId === "signInAsGuest" && deployment.guestAccounts !== "none") {
    return { "cognito.activeUser": 1 / deployment.visitsPerGuest };
  }
  return route.method === "GET" || route.who === "public" ? {} : { "dynamodb.write": writesPerKey, "dynamodb.read": 1 };
}

/**
 * Converts counts to amounts of the price list's lines.
 * @param counts `kind/name` → amount
 * @throws {RangeError} for a kind, function, route or topic without a price (CB1)
 */
export function usageOf(counts: Readonly<Record<string, number>>, deployment: Deployment): Usage {
  const usages = Object.entries(counts).map(([key, amount]) => {
    const slash = key.indexOf("/");
    return billOf(key.slice(0, slash))(key.slice(slash + 1), amount, deployment);
  });
  return sum(...usages);
}

/** Returns true if the kind has a price. */
export function isBilled(kind: string): boolean {
  return Object.hasOwn(bills, kind);
}

function billOf(kind: string): Bill {
  const bill = isBilled(kind) ? bills[kind] : undefined;
  if (bill === undefined) throw new RangeError(`"${kind}" has no price`);
  return bill;
}

/** Returns the usage of an average order. `share` is the part of all orders that a count stands for. */
export function averageOf(
  counted: readonly { readonly counts: Readonly<Record<string, number>>; readonly share: number }[],
  deployment: Deployment,
): Usage {
  return sum(...counted.map(({ counts, share }) => times(usageOf(counts, deployment), share)));
}
