import type { TaskResource } from "@serverlesspresso/states-language";
import { expect, test } from "vitest";
import type { Integration, Integrations } from "./integration.ts";
import { integrationOf, unavailable } from "./registry.ts";

const here: Integration = { kind: "transactional", call: () => null };
const integrations: Integrations = {
  "sqs:sendMessage": here,
  "states:startExecution": here,
  "states:startExecution.sync:2": here,
  "aws-sdk:sqs:sendMessage": here,
  "aws-sdk:sqs:createQueue": here,
  "aws-sdk:sqs:addPermission": { kind: "absent", reason: "there is one account" },
};

type IntegrationResource = Extract<TaskResource, { kind: "integration" }>;
const resourceOf = (service: string, action: string, pattern: IntegrationResource["pattern"] = "requestResponse"): IntegrationResource => ({
  kind: "integration",
  arn: `arn:aws:states:::${service}:${action}`,
  service,
  action,
  pattern,
});

const services = "expected one of aws-sdk:sqs, lambda, sqs, states";
const ofQueues = "expected one of createQueue, sendMessage";

test.each([
  { resource: resourceOf("aws-sdk:s3", "getObject"), says: `aws-sdk:s3 is not supported, ${services}` },
  { resource: resourceOf("sns", "publish"), says: `sns is not supported, ${services}` },
  { resource: resourceOf("aws-sdk:sqs", "SendMessage"), says: `aws-sdk:sqs has no "SendMessage" here, ${ofQueues}` },
  { resource: resourceOf("aws-sdk:sqs", "constructor"), says: `aws-sdk:sqs has no "constructor" here, ${ofQueues}` },
  {
    resource: resourceOf("aws-sdk:sqs", "addPermission"),
    says: `aws-sdk:sqs has no "addPermission" here: there is one account, ${ofQueues}`,
  },
  { resource: resourceOf("sqs", "sendMessage", "sync"), says: 'sqs has no "sendMessage.sync" here, expected one of sendMessage' },
  { resource: resourceOf("lambda", "list"), says: 'lambda has no "list" here, expected one of invoke' },
  {
    resource: resourceOf("states", "startExecution", "sync"),
    says: 'states has no "startExecution.sync" here, expected one of startExecution, startExecution.sync:2',
  },
])("$resource.arn, $resource.pattern: $says", ({ resource, says }) => {
  expect(integrationOf(integrations, resource)).toBeUndefined();
  const { error, cause } = unavailable(integrations, resource);
  expect([error, cause]).toEqual(["States.Runtime", `The resource '${resource.arn}' is not available here: ${says}`]);
});

test("what the registry has is found, the patterns that wait for a job by names of their own", () => {
  expect(integrationOf(integrations, resourceOf("sqs", "sendMessage", "waitForTaskToken"))).toBe(here);
  expect(integrationOf(integrations, resourceOf("states", "startExecution", "sync:2"))).toBe(here);
});
