import { ArnFormat, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** ARNs of what the blueprint names, in the stack's own account and region. They are built from names, so that stacks do not depend on one another for them. */
export interface Arns {
  table(name: string): string;
  index(table: string, name: string): string;
  bus(name: string): string;
  workflow(name: string): string;
  function(name: string): string;
  queue(name: string): string;
  logGroup(name: string): string;
  topic(name: string): string;
}

/** Returns the ARNs in the account and region of the stack of `scope`. */
export function arnsOf(scope: Construct): Arns {
  const stack = Stack.of(scope);
  const slash = (service: string, resource: string, resourceName: string): string => stack.formatArn({ service, resource, resourceName });
  const colon = (service: string, resource: string, resourceName: string): string =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return {
    table: (name) => slash("dynamodb", "table", name),
    index: (table, name) => slash("dynamodb", "table", `${table}/index/${name}`),
    bus: (name) => slash("events", "event-bus", name),
    workflow: (name) => colon("states", "stateMachine", name),
    function: (name) => colon("lambda", "function", name),
    queue: (name) => stack.formatArn({ service: "sqs", resource: name }),
    logGroup: (name) => colon("logs", "log-group", name),
    topic: (name) => slash("iot", "topic", name),
  };
}
