import type { RuleBlueprint, TargetBlueprint } from "@serverlesspresso/blueprint";
import { CfnRule, type EventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnPermission, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Arns } from "./place.ts";

/** EventBridge retries for an hour: after that the guest has gone to the counter. */
const retryPolicy = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 } as const;

/** The resources that rules may have as targets, by name. */
export interface RuleTargets {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly logGroups: ReadonlyMap<string, LogGroup>;
  readonly arns: Arns;
  /** Returns the function that starts a workflow under a chosen execution name, which a target of EventBridge cannot. */
  readonly starterOf: (workflow: string) => LambdaFunction;
}

/** Creates the blueprint's rules on its bus. Events that cannot be delivered go to the dead-letter queue of the rule. */
export function createRules(scope: Construct, bus: EventBus, blueprints: readonly RuleBlueprint[], targets: RuleTargets): void {
  const dead = new Map<string, string[]>();
  for (const blueprint of blueprints) {
    const queue = targets.queues.get(blueprint.deadLetterQueue) as Queue;
    const rule = new CfnRule(scope, `Rule-${blueprint.name}`, {
      name: blueprint.name,
      description: blueprint.description,
      eventBusName: blueprint.bus ?? bus.eventBusName,
      eventPattern: blueprint.eventPattern,
      state: "ENABLED",
      targets: blueprint.targets.map((target) => ({
        id: target.name.replaceAll(/[^\w.-]/g, "-").replace(/^-/, ""),
        arn: targetArn(target, targets),
        deadLetterConfig: { arn: queue.queueArn },
        retryPolicy,
      })),
    });
    for (const target of blueprint.targets) {
      allow(scope, rule, blueprint.name, target, targets);
      // Known to it by name alone.
      const group = target.kind === "logGroup" ? targets.logGroups.get(target.name) : undefined;
      if (group !== undefined) rule.node.addDependency(group);
    }
    dead.set(blueprint.deadLetterQueue, [...(dead.get(blueprint.deadLetterQueue) ?? []), rule.attrArn]);
  }
  for (const [name, rules] of dead) letSend(targets.queues.get(name) as Queue, rules);
}

function targetArn(target: TargetBlueprint, { functions, queues, arns, starterOf }: RuleTargets): string {
  switch (target.kind) {
    case "function":
      return (functions.get(target.name) as LambdaFunction).functionArn;
    case "workflow":
      return starterOf(target.name).functionArn;
    case "queue":
      return (queues.get(target.name) as Queue).queueArn;
    case "logGroup":
      return arns.logGroup(target.name);
  }
}

/** Each target lets this rule in, and no other. Log groups have a policy of their own. */
function allow(
  scope: Construct,
  rule: CfnRule,
  name: string,
  target: TargetBlueprint,
  { functions, queues, starterOf }: RuleTargets,
): void {
  if (target.kind === "logGroup") return;
  if (target.kind === "queue") {
    letSend(queues.get(target.name) as Queue, [rule.attrArn]);
    return;
  }
  const fn = target.kind === "workflow" ? starterOf(target.name) : (functions.get(target.name) as LambdaFunction);
  new CfnPermission(scope, `Rule-${name}-permission`, {
    action: "lambda:InvokeFunction",
    functionName: fn.functionName,
    principal: "events.amazonaws.com",
    sourceArn: rule.attrArn,
  });
}

/** Lets rules send to a queue. */
export function letSend(queue: Queue, ruleArns: readonly string[]): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("events.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { "aws:SourceArn": [...ruleArns] } },
    }),
  );
}
