/** Functions: their settings, their log groups, and the queue for events that they could not handle. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { runtimeFunctionsOf } from "../runtime/functions.ts";
import { compare, compareSets, type Deployment, type Finding, listOf, objectAt } from "./deployment.ts";

/** CDK's own helpers while a stack is made or deleted. They run only then, and their failure is the deployment's. */
const helpers = /^(CustomCDKBucketDeployment|CustomS3AutoDeleteObjects|AWS679f53fac002430cb0da5b7982bd2287)/;

const shopFunctions = (deployment: Deployment) => deployment.all("AWS::Lambda::Function").filter(({ id }) => !helpers.test(id));

/** Every function of `runtime/functions.ts`, as it says, and no other. */
export function checkFunctions(deployment: Deployment, blueprint: Blueprint): Finding[] {
  const runtimeFunctions = runtimeFunctionsOf(blueprint);
  const found = shopFunctions(deployment);
  const names = found.map(({ properties }) => String(properties.FunctionName));
  return [
    ...compareSets(
      "functions",
      "function",
      runtimeFunctions.map(({ name }) => name),
      names,
    ),
    ...runtimeFunctions.flatMap(({ name, memoryMb, timeoutSeconds, environment }) => {
      const properties = found.find(({ properties }) => properties.FunctionName === name)?.properties;
      if (properties === undefined) return [];
      const variables = objectAt(properties.Environment, "Variables");
      const where = `function ${name}`;
      return [
        ...compare(where, "runtime", "nodejs24.x", properties.Runtime),
        ...compare(where, "processor", ["arm64"], properties.Architectures),
        ...compare(where, "handler", "index.handler", properties.Handler),
        ...compare(where, "memory", memoryMb, properties.MemorySize),
        ...compare(where, "timeout", timeoutSeconds, properties.Timeout),
        ...environment.filter((variable) => !variables[variable]).map((variable) => ({ where, what: `is not told ${variable}` })),
      ];
    }),
  ];
}

/** Every function, workflow and stage logs to a group with a retention; no group keeps its log for ever. */
export function checkLogs(deployment: Deployment): Finding[] {
  const groups = deployment.all("AWS::Logs::LogGroup");
  const known = new Set(groups.map(({ properties }) => String(properties.LogGroupName)));
  const endless = groups
    .filter(({ properties }) => !(Number(properties.RetentionInDays) > 0))
    .map(({ properties }) => ({ where: `log group ${properties.LogGroupName}`, what: "is kept for ever" }));
  const silent = shopFunctions(deployment).flatMap(({ properties }) => {
    const where = `function ${properties.FunctionName}`;
    const group = `/aws/lambda/${properties.FunctionName}`;
    return [
      ...(known.has(group) ? [] : [{ where, what: `has no log group ${group}` }]),
      ...compare(where, "log group", group, objectAt(properties.LoggingConfig).LogGroup),
    ];
  });
  const machines = deployment.all("AWS::StepFunctions::StateMachine").flatMap(({ properties }) => {
    const destinations = listOf<JsonObject>(objectAt(properties.LoggingConfiguration).Destinations);
    const arn = String(objectAt(destinations[0], "CloudWatchLogsLogGroup").LogGroupArn);
    const name = arn.split(":")[6] ?? "";
    return known.has(name) ? [] : [{ where: `workflow ${properties.StateMachineName}`, what: "has no log group" }];
  });
  return [...endless, ...silent, ...machines];
}

/** Every function has a queue for events that it could not handle. */
export function checkDeadLetters(deployment: Deployment): Finding[] {
  const configs = deployment.all("AWS::Lambda::EventInvokeConfig");
  const queues = new Set(
    deployment.all("AWS::SQS::Queue").map(({ properties }) => `arn:aws:sqs:us-east-1:123456789012:${properties.QueueName}`),
  );
  return shopFunctions(deployment).flatMap(({ properties: { FunctionName } }) => {
    const config = configs.find(({ properties }) => properties.FunctionName === FunctionName);
    const destination = String(objectAt(config?.properties, "DestinationConfig", "OnFailure").Destination);
    return queues.has(destination) ? [] : [{ where: `function ${FunctionName}`, what: `has no dead-letter queue, but ${destination}` }];
  });
}
