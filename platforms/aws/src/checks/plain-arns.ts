import type { Arns } from "../constructs/place.ts";
import { place } from "./deployment.ts";

const { account, region } = place;
const of = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;

/** ARNs as they stand in a deployment whose references are followed. */
export const plainArns: Arns = {
  table: (name) => of("dynamodb", `table/${name}`),
  index: (table, name) => of("dynamodb", `table/${table}/index/${name}`),
  bus: (name) => of("events", `event-bus/${name}`),
  workflow: (name) => of("states", `stateMachine:${name}`),
  function: (name) => of("lambda", `function:${name}`),
  queue: (name) => of("sqs", name),
  logGroup: (name) => of("logs", `log-group:${name}`),
  topic: (name) => of("iot", `topic/${name}`),
};
