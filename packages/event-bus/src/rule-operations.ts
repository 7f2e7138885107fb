/** EventBridge's operations on rules and their targets. */
import { parsePattern } from "@serverlesspresso/event-patterns";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { requireBus } from "./bus-operations.ts";
import { type BusEngine, list, read, write } from "./engine.ts";
import { EventBusError, invalid } from "./errors.ts";
import { Arn, Description, EventBusName, Name, page, parseRequest, Tags } from "./request.ts";
import type { Rule, RuleDefinition, Target } from "./rule.ts";
import { addTags, removeTags } from "./tags.ts";
import { checkTarget } from "./target-checks.ts";

/** The most targets of one rule: AWS's quota. */
const mostTargets = 5;

const PutRule = z.object({
  Name,
  EventBusName,
  EventPattern: z.string().max(4096).optional(),
  ScheduleExpression: z.string().max(256).optional(),
  State: z.enum(["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]).optional(),
  Description,
  RoleArn: Arn.optional(),
  Tags: Tags.optional(),
});
const ByRule = z.object({ Name, EventBusName });
const ListRules = z.object({ NamePrefix: z.string().optional(), EventBusName, ...page });
const ListRuleNamesByTarget = z.object({ TargetArn: z.string().min(1), EventBusName, ...page });
const ListTargetsByRule = z.object({ Rule: Name, EventBusName, ...page });
const TargetShape = z.looseObject({
  Id: Name,
  Arn,
  Input: z.string().max(8192).optional(),
  InputPath: z.string().max(256).optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string().min(1).max(8192) })
    .optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
    })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().optional() }).optional(),
});
const PutTargets = z.object({ Rule: Name, EventBusName, Targets: z.array(TargetShape).min(1).max(100) });
const RemoveTargets = z.object({ Rule: Name, EventBusName, Ids: z.array(z.string()).min(1).max(100) });

/** The operations that put, list, enable, disable and delete rules and targets. */
export const ruleOperations = {
  DescribeRule: read(ByRule, (engine, view, { Name, EventBusName }) =>
    describe(engine, engine.book.get(view, requireBus(engine, view, EventBusName), Name)),
  ),
  ListRules: list(ListRules, (engine, view, { EventBusName, NamePrefix = "" }, page) => {
    const rules = engine.book.list(view, requireBus(engine, view, EventBusName));
    const { items, next } = page.cut(rules.filter(({ name }) => name.startsWith(NamePrefix)));
    return { Rules: items.map((rule) => describe(engine, rule)), ...next };
  }),
  ListRuleNamesByTarget: list(ListRuleNamesByTarget, (engine, view, { EventBusName, TargetArn }, page) => {
    const rules = engine.book.list(view, requireBus(engine, view, EventBusName));
    const { items, next } = page.cut(rules.filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn)));
    return { RuleNames: items.map(({ name }) => name), ...next };
  }),
  ListTargetsByRule: list(ListTargetsByRule, (engine, view, { EventBusName, Rule }, page) => {
    const { items, next } = page.cut(engine.book.get(view, requireBus(engine, view, EventBusName), Rule).targets);
    return { Targets: items.map(describeTarget), ...next };
  }),
  PutRule: write(PutRule, (engine, tx, request) => {
    if (request.EventPattern === undefined && request.ScheduleExpression === undefined) {
      throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
    }
    const busName = requireBus(engine, tx, request.EventBusName);
    if (request.ScheduleExpression !== undefined && busName !== "default") {
      throw invalid("ScheduleExpression is supported only on the default event bus.");
    }
    const before = engine.book.find(tx, busName, request.Name);
    save(engine, tx, {
      busName,
      name: request.Name,
      isEnabled: request.State !== "DISABLED",
      ...(request.EventPattern !== undefined && { eventPattern: request.EventPattern }),
      ...(request.ScheduleExpression !== undefined && { scheduleExpression: request.ScheduleExpression }),
      ...(request.Description !== undefined && { description: request.Description }),
      ...(request.RoleArn !== undefined && { roleArn: request.RoleArn }),
      targets: before?.targets ?? [],
    });
    const arn = engine.ruleArn(busName, request.Name);
    // An existing rule keeps its tags, as on AWS.
    if (before === undefined) addTags(tx, arn, request.Tags ?? []);
    return { RuleArn: arn };
  }),
  DeleteRule: write(ByRule, (engine, tx, { Name, EventBusName }) => {
    const { book, schedules, ruleArn } = engine;
    const rule = book.find(tx, requireBus(engine, tx, EventBusName), Name);
    if (rule === undefined) return {};
    if (rule.targets.length > 0) throw invalid("Rule can't be deleted since it has targets.");
    schedules.arrange(tx, rule, undefined);
    book.remove(tx, rule);
    removeTags(tx, ruleArn(rule.busName, rule.name));
    return {};
  }),
  EnableRule: write(ByRule, (engine, tx, request) => turn(engine, tx, request, true)),
  DisableRule: write(ByRule, (engine, tx, request) => turn(engine, tx, request, false)),
  PutTargets: write(PutTargets, (engine, tx, { Rule: name, EventBusName, Targets }) => {
    const rule = engine.book.get(tx, requireBus(engine, tx, EventBusName), name);
    const targets = new Map(rule.targets.map((target) => [target.Id, target]));
    for (const target of Targets as Target[]) {
      checkTarget(target, engine.targetServices);
      targets.set(target.Id, target);
    }
    if (targets.size > mostTargets)
      throw new EventBusError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
    save(engine, tx, { ...rule, targets: [...targets.values()] });
    return { FailedEntryCount: 0, FailedEntries: [] };
  }),
  RemoveTargets: write(RemoveTargets, (engine, tx, { Rule: name, EventBusName, Ids }) => {
    const rule = engine.book.get(tx, requireBus(engine, tx, EventBusName), name);
    save(engine, tx, { ...rule, targets: rule.targets.filter(({ Id }) => !Ids.includes(Id)) });
    return { FailedEntryCount: 0, FailedEntries: [] };
  }),
};

/** Creates or replaces a rule, and creates its bus if missing. @throws {EventBusError} `ValidationException`; {EventPatternError} */
export function putRule(engine: BusEngine, tx: Transaction, definition: RuleDefinition): { readonly RuleArn: string } {
  const { book, ruleArn } = engine;
  const { busName = "default", name, eventPattern, scheduleExpression, isEnabled = true, description, targets = [] } = definition;
  if (!book.hasBus(tx, busName)) book.putBus(tx, busName);
  if (targets.length > 0) parseRequest(PutTargets, { Rule: name, Targets: targets });
  const rule: Rule = {
    busName,
    name,
    isEnabled,
    ...(eventPattern !== undefined && { eventPattern: typeof eventPattern === "string" ? eventPattern : JSON.stringify(eventPattern) }),
    ...(scheduleExpression !== undefined && { scheduleExpression }),
    ...(description !== undefined && { description }),
    targets,
  };
  // A start that changes nothing writes nothing.
  if (JSON.stringify(book.find(tx, busName, name)) !== JSON.stringify(rule)) save(engine, tx, rule);
  return { RuleArn: ruleArn(busName, name) };
}

/** Checks a rule, stores it and sets its schedule. */
function save({ book, schedules }: BusEngine, tx: Transaction, rule: Rule): void {
  if (rule.eventPattern !== undefined) parsePattern(rule.eventPattern);
  const before = book.find(tx, rule.busName, rule.name);
  schedules.arrange(tx, before, rule);
  book.put(tx, rule);
}

interface NamedRule {
  readonly Name: string;
  readonly EventBusName?: string | undefined;
}

function turn(engine: BusEngine, tx: Transaction, { Name, EventBusName }: NamedRule, isEnabled: boolean): JsonObject {
  save(engine, tx, { ...engine.book.get(tx, requireBus(engine, tx, EventBusName), Name), isEnabled });
  return {};
}

function describe({ ruleArn }: BusEngine, rule: Rule): JsonObject {
  return {
    Name: rule.name,
    Arn: ruleArn(rule.busName, rule.name),
    EventBusName: rule.busName,
    State: rule.isEnabled ? "ENABLED" : "DISABLED",
    ...(rule.eventPattern !== undefined && { EventPattern: rule.eventPattern }),
    ...(rule.scheduleExpression !== undefined && { ScheduleExpression: rule.scheduleExpression }),
    ...(rule.description !== undefined && { Description: rule.description }),
    ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
  };
}

function describeTarget(target: Target): JsonObject {
  const members: [string, JsonValue | undefined][] = Object.entries(target);
  return Object.fromEntries(members.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
