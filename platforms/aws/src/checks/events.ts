/** Rules: their patterns, their targets, and the dead-letter queues for what cannot be delivered. */
import type { Blueprint, DeadlineBlueprint, RuleBlueprint, TargetBlueprint } from "@serverlesspresso/blueprint";
import type { Names } from "@serverlesspresso/contract";
import type { JsonObject } from "@serverlesspresso/ports";
import { platformFunctionOf } from "../runtime/functions.ts";
import { compare, compareSets, type Deployment, type Finding, listOf, objectAt, type Resource, ruleArn } from "./deployment.ts";
import { plainArns } from "./plain-arns.ts";

const arnOfRule = ({ properties: { Name, EventBusName } }: Resource): string => ruleArn(Name as string, EventBusName as string | undefined);

/** Rules, patterns and targets are the blueprint's. */
export function checkEventPatterns(deployment: Deployment, { names, rules, bus }: Blueprint): Finding[] {
  const starter = platformFunctionOf(names, "StartOrderProcessor");
  const patterned = deployment.all("AWS::Events::Rule").filter(({ properties }) => properties.ScheduleExpression === undefined);
  const known = patterned.map(({ properties }) => String(properties.Name));
  const wanted = rules.map(({ name }) => name);
  return [...compareSets("bus", "rule", wanted, known), ...rules.flatMap(ofRule)];

  function ofRule({ name, bus: own, eventPattern, targets }: RuleBlueprint): Finding[] {
    const rule = ruleOf(deployment, name);
    if (rule === undefined) return [];
    const { EventPattern, EventBusName, State, Targets } = rule.properties;
    const found = listOf<JsonObject>(Targets).map(({ Arn }) => String(Arn));
    const where = `rule ${name}`;
    return [
      ...compare(where, "pattern", eventPattern, EventPattern),
      ...compare(where, "bus", own ?? bus.name, EventBusName),
      ...compare(where, "state", "ENABLED", State),
      ...compareSets(
        where,
        "target",
        targets.map((target) => targetArn(target, starter)),
        found,
      ),
    ];
  }
}

function ruleOf(deployment: Deployment, name: string): Resource | undefined {
  return deployment.all("AWS::Events::Rule").find(({ properties }) => properties.Name === name);
}

function targetArn({ kind, name }: TargetBlueprint, starter: string): string {
  return kind === "workflow" ? plainArns.function(starter) : plainArns[kind](name);
}

/** A rule calls each deadline's function every minute, and the function's permission allows it; no other rule has a schedule. */
export function checkDeadlines(deployment: Deployment, { names, deadlines }: Blueprint): Finding[] {
  const scheduled = deployment.all("AWS::Events::Rule").filter(({ properties }) => properties.ScheduleExpression !== undefined);
  const known = scheduled.map(({ properties }) => String(properties.Name));
  const wanted = deadlines.map(({ name }) => name);
  return [...compareSets("account", "schedule", wanted, known), ...deadlines.flatMap(ofDeadline)];

  function ofDeadline({ name, function: target }: DeadlineBlueprint): Finding[] {
    const rule = scheduled.find(({ properties }) => properties.Name === name);
    if (rule === undefined) return [];
    const { ScheduleExpression, EventBusName, State, Targets } = rule.properties;
    const found = listOf<JsonObject>(Targets).map(({ Arn }) => String(Arn));
    const where = `schedule ${name}`;
    return [
      ...compare(where, "expression", "rate(1 minute)", ScheduleExpression),
      ...compare(where, "bus", undefined, EventBusName),
      ...compare(where, "state", "ENABLED", State),
      ...compareSets(where, "target", [plainArns.function(target)], found),
      ...(isOpen(deployment, names, { kind: "function", name: target }, arnOfRule(rule))
        ? []
        : [{ where, what: `${target} does not let it in` }]),
    ];
  }
}

/** Every target has the blueprint's dead-letter queue, and the queue's policy allows the rule to send. */
export function checkRuleDeadLetters(deployment: Deployment, { rules, deadlines }: Blueprint): Finding[] {
  return [...rules, ...deadlines].flatMap(({ name, deadLetterQueue }) => {
    const rule = ruleOf(deployment, name);
    if (rule === undefined) return [];
    const wanted = plainArns.queue(deadLetterQueue);
    const targets = listOf<JsonObject>(rule.properties.Targets);
    return [
      ...targets.flatMap(({ DeadLetterConfig }) => compare(`rule ${name}`, "dead-letter queue", wanted, objectAt(DeadLetterConfig).Arn)),
      ...targets.flatMap(({ RetryPolicy }) => (RetryPolicy === undefined ? [{ where: `rule ${name}`, what: "has no retry policy" }] : [])),
      ...(letsSend(deployment, wanted, arnOfRule(rule))
        ? []
        : [{ where: `queue ${deadLetterQueue}`, what: `does not let rule ${name} in` }]),
    ];
  });
}

/** Every target's permission or policy allows its rule. */
export function checkRulePermissions(deployment: Deployment, { names, rules }: Blueprint): Finding[] {
  return rules.flatMap(({ name, targets }) => {
    const rule = ruleOf(deployment, name);
    if (rule === undefined) return [];
    const closed = targets.filter((target) => !isOpen(deployment, names, target, arnOfRule(rule)));
    return closed.map((target) => ({ where: `rule ${name}`, what: `${target.kind} ${target.name} does not let it in` }));
  });
}

function isOpen(deployment: Deployment, names: Names, target: TargetBlueprint, rule: string): boolean {
  if (target.kind === "queue") return letsSend(deployment, plainArns.queue(target.name), rule);
  if (target.kind === "logGroup") return letsWrite(deployment, plainArns.logGroup(target.name));
  const name = target.kind === "workflow" ? platformFunctionOf(names, "StartOrderProcessor") : target.name;
  return deployment
    .all("AWS::Lambda::Permission")
    .some(
      ({ properties }) =>
        properties.FunctionName === name && properties.Principal === "events.amazonaws.com" && properties.SourceArn === rule,
    );
}

function letsSend(deployment: Deployment, queueArn: string, rule: string): boolean {
  return deployment
    .all("AWS::SQS::QueuePolicy")
    .flatMap(({ properties }) => listOf<JsonObject>(objectAt(properties.PolicyDocument).Statement))
    .some(
      ({ Effect, Action, Resource, Principal, Condition }) =>
        Effect === "Allow" &&
        listOf(Action).includes("sqs:SendMessage") &&
        Resource === queueArn &&
        objectAt(Principal).Service === "events.amazonaws.com" &&
        listOf(objectAt(Condition, "ArnEquals")["aws:SourceArn"]).includes(rule),
    );
}

function letsWrite(deployment: Deployment, groupArn: string): boolean {
  return deployment.all("AWS::Logs::ResourcePolicy").some(({ properties }) => {
    const { Statement } = JSON.parse(String(properties.PolicyDocument)) as JsonObject;
    return listOf<JsonObject>(Statement).some(
      ({ Resource, Principal }) =>
        listOf(Resource).includes(`${groupArn}:*`) && listOf(objectAt(Principal).Service).includes("events.amazonaws.com"),
    );
  });
}
