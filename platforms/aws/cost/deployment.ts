/** What no run can measure: how the blueprint is deployed, and how a day at the bar goes. Every figure is an assumption, named in docs/cost.md. */
import { type Blueprint, blueprint, type FunctionBlueprint } from "@serverlesspresso/blueprint";
import type { FunctionName } from "@serverlesspresso/services";
import { type PlatformFunctionName, runtimeFunctionsOf } from "../src/runtime/functions.ts";

/** The assumptions behind a bill. */
export interface Deployment {
  /** What is deployed. */
  readonly blueprint: Blueprint;
  /** Days of a month on which the bar is open. */
  readonly days: number;
  readonly openHours: number;
  /** Guests of one bar in a day. More guests need more bars, each with its own topic and screens. */
  readonly guestsPerBar: number;
  /** Tablets and displays of one bar, connected while it is open. */
  readonly screens: number;
  /** How long a phone stays connected for one order. */
  readonly phoneMinutes: number;
  readonly configChangesPerDay: number;
  /** `cognito`: each guest is a user of the pool; `none`: a function of the platform signs the guests' tokens. */
  readonly guestAccounts: "cognito" | "none";
  /** On how many days of a month the same guest comes. */
  readonly visitsPerGuest: number;
  /** Billed milliseconds of an invocation by the function's short name, cold starts spread over all; a function that is not here takes `usualMs` of its kind. */
  readonly functionMs: Readonly<Record<PlatformFunctionName, number>> & Readonly<Partial<Record<FunctionName, number>>>;
  /** Milliseconds of an average state of an Express workflow: a third of them call a service. */
  readonly expressStateMs: number;
  /** Log of one state of an Express workflow; 0 at level ERROR. */
  readonly expressLogBytesPerState: number;
  /** Length of a line in the access log of the API. */
  readonly accessLogBytes: number;
  /** Lambda's own log of an invocation, in JSON, beyond the local platform's three lines. */
  readonly lambdaLogBytes: number;
  readonly kmsKeys: number;
  readonly logRetentionDays: number;
  readonly archiveRetentionDays: number;
  /** Days that orders stay in the table. */
  readonly orderRetentionDays: number;
  /** Size of an order in its table and in each index. */
  readonly orderBytes: number;
}

const byApi = 40;
const byEvent = 35;
const byBatch = 80;
/** Billed milliseconds of an invocation by kind of function, for functions that were not measured. */
export const usualMs: Readonly<Record<FunctionBlueprint["kind"], number>> = {
  route: byApi,
  rule: byEvent,
  stream: byEvent,
  queue: byBatch,
  task: byEvent,
  signal: byApi,
};

/** The deployment of docs/cost.md. */
export const usualDeployment: Deployment = {
  blueprint,
  days: 30,
  openHours: 10,
  guestsPerBar: 1_000,
  screens: 3,
  phoneMinutes: 12,
  configChangesPerDay: 10,
  guestAccounts: "cognito",
  visitsPerGuest: 3,
  functionMs: {
    SpendToken: 60,
    SanitizeOrder: 5,
    GetOrder: 25,
    GetMyOrders: 25,
    GetConfig: 25,
    EndPause: 15,
    GetOrderCount: 25,
    PublishAdmin: 25,
    PublishUser: 25,
    PublishConfig: 25,
    EventsLoadTest: 2_000,
    SignInAsGuest: 250,
    StartPairing: byApi,
    PollPairing: byApi,
    ConfirmPairing: byApi,
    AuthorizeTopics: 30,
    StartOrderProcessor: byEvent,
  },
  expressStateMs: 10,
  expressLogBytesPerState: 0,
  accessLogBytes: 300,
  lambdaLogBytes: 350,
  kmsKeys: 0,
  logRetentionDays: 30,
  archiveRetentionDays: 30,
  orderRetentionDays: 30,
  orderBytes: 900,
};

/** Returns the memory of a function in MB. @throws {RangeError} if no function of that name runs in Lambda */
export function memoryMb(name: string, { blueprint }: Deployment): number {
  const found = runtimeFunctionsOf(blueprint).find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`function "${name}" does not run in Lambda: its memory is not known`);
  return found.memoryMb;
}

/** Returns the billed milliseconds of an invocation. @throws {RangeError} if no function of that name runs in Lambda */
export function durationMs(name: string, { blueprint, functionMs }: Deployment): number {
  const fn = blueprint.functions.find((one) => one.name === name);
  const ms = (functionMs as Readonly<Record<string, number>>)[fn?.shortName ?? name] ?? (fn && usualMs[fn.kind]);
  if (ms === undefined) throw new RangeError(`function "${name}" does not run in Lambda: how long it takes is not known`);
  return ms;
}
