/** EventBridge's operations by name, on its own wire shapes. What only reads stands in `reading`, the rest in `writing`. */
import { parsePattern, testEventPattern } from "@serverlesspresso/event-patterns";
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { createArchiveOperations } from "./archive-operations.ts";
import { createConnectionOperations } from "./connection-operations.ts";
import { EventBusError } from "./errors.ts";
import type { OperationsOptions, Reading, Writing } from "./operation-types.ts";
import { busNameOf } from "./put-events-request.ts";
import { page, parseRequest, requests } from "./requests.ts";
import type { Rule, RuleDefinition, Target } from "./rule.ts";
import { addTags, createTagOperations, removeTags } from "./tags.ts";
import { checkTarget } from "./target-checks.ts";

export interface Operations {
  putRule(tx: Transaction, definition: RuleDefinition): { readonly RuleArn: string };
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  query(view: ReadView, operation: string, request: JsonObject): JsonObject;
  /** The names of the operations there are. */
  readonly operations: readonly string[];
}

/** Of one rule: AWS's quota. */
const mostTargets = 5;

export function createOperations(options: OperationsOptions): Operations {
  const { book, ruleArn, schedules, account, region, targetServices } = options;
  const busArn = (name: string): string => `arn:aws:events:${region}:${account}:event-bus/${name}`;
  const archives = createArchiveOperations(options);
  const connections = createConnectionOperations(options);
  const tags = createTagOperations(options);

  function requireBus(view: ReadView, busName: string): string {
    if (book.hasBus(view, busName)) return busName;
    throw new EventBusError("ResourceNotFoundException", `Event bus ${busName} does not exist.`);
  }

  /** Checks a rule, stores it, arranges its schedule. */
  function save(tx: Transaction, rule: Rule): void {
    if (rule.eventPattern !== undefined) parsePattern(rule.eventPattern);
    const before = book.find(tx, rule.busName, rule.name);
    schedules.arrange(tx, before, rule);
    book.put(tx, rule);
  }

  function change(tx: Transaction, request: JsonObject, isEnabled: boolean): JsonObject {
    const { Name, EventBusName } = parseRequest(requests.oneRule, request);
    save(tx, { ...book.get(tx, requireBus(tx, busNameOf(EventBusName)), Name), isEnabled });
    return {};
  }

  function describe(rule: Rule): JsonObject {
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

  const describeBus = (name: string): JsonObject => ({ Name: name, Arn: busArn(name) });

  const reading: Reading = {
    TestEventPattern(_view, request) {
      const { EventPattern, Event } = parseRequest(requests.testEventPattern, request);
      return { Result: testEventPattern(EventPattern, Event) };
    },
    DescribeRule(view, request) {
      const { Name, EventBusName } = parseRequest(requests.oneRule, request);
      return describe(book.get(view, requireBus(view, busNameOf(EventBusName)), Name));
    },
    ListRules(view, request) {
      const parsed = parseRequest(requests.listRules, request);
      const rules = book.list(view, requireBus(view, busNameOf(parsed.EventBusName)));
      const { items, next } = page(
        rules.filter(({ name }) => name.startsWith(parsed.NamePrefix ?? "")),
        parsed,
      );
      return { Rules: items.map(describe), ...next };
    },
    ListRuleNamesByTarget(view, request) {
      const parsed = parseRequest(requests.ruleNamesByTarget, request);
      const rules = book.list(view, requireBus(view, busNameOf(parsed.EventBusName)));
      const { items, next } = page(
        rules.filter(({ targets }) => targets.some(({ Arn }) => Arn === parsed.TargetArn)),
        parsed,
      );
      return { RuleNames: items.map(({ name }) => name), ...next };
    },
    ListTargetsByRule(view, request) {
      const parsed = parseRequest(requests.targetsByRule, request);
      const { targets } = book.get(view, requireBus(view, busNameOf(parsed.EventBusName)), parsed.Rule);
      const { items, next } = page(targets, parsed);
      return { Targets: items as unknown as JsonObject[], ...next };
    },
    DescribeEventBus: (view, request) => describeBus(requireBus(view, busNameOf(parseRequest(requests.describeBus, request).Name))),
    ListEventBuses(view, request) {
      const parsed = parseRequest(requests.listBuses, request);
      const { items, next } = page(
        book.listBuses(view).filter((name) => name.startsWith(parsed.NamePrefix ?? "")),
        parsed,
      );
      return { EventBuses: items.map(describeBus), ...next };
    },
    ...tags.reading,
    ...archives.reading,
    ...connections.reading,
  };

  const writing: Writing = {
    PutEvents: options.putEvents,
    PutRule(tx, request) {
      const parsed = parseRequest(requests.putRule, request);
      if (parsed.EventPattern === undefined && parsed.ScheduleExpression === undefined) {
        throw new EventBusError("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.");
      }
      const busName = requireBus(tx, busNameOf(parsed.EventBusName));
      if (parsed.ScheduleExpression !== undefined && busName !== "default") {
        throw new EventBusError("ValidationException", "ScheduleExpression is supported only on the default event bus.");
      }
      const before = book.find(tx, busName, parsed.Name);
      save(tx, {
        busName,
        name: parsed.Name,
        isEnabled: parsed.State !== "DISABLED",
        ...(parsed.EventPattern !== undefined && { eventPattern: parsed.EventPattern }),
        ...(parsed.ScheduleExpression !== undefined && { scheduleExpression: parsed.ScheduleExpression }),
        ...(parsed.Description !== undefined && { description: parsed.Description }),
        ...(parsed.RoleArn !== undefined && { roleArn: parsed.RoleArn }),
        targets: before?.targets ?? [],
      });
      // Those of a rule that is there are left alone, as on AWS.
      if (before === undefined) addTags(tx, ruleArn(busName, parsed.Name), parsed.Tags ?? []);
      return { RuleArn: ruleArn(busName, parsed.Name) };
    },
    DeleteRule(tx, request) {
      const { Name, EventBusName } = parseRequest(requests.oneRule, request);
      const rule = book.find(tx, requireBus(tx, busNameOf(EventBusName)), Name);
      if (rule === undefined) return {};
      if (rule.targets.length > 0) throw new EventBusError("ValidationException", "Rule can't be deleted since it has targets.");
      schedules.arrange(tx, rule, undefined);
      book.remove(tx, rule);
      removeTags(tx, ruleArn(rule.busName, rule.name));
      return {};
    },
    EnableRule: (tx, request) => change(tx, request, true),
    DisableRule: (tx, request) => change(tx, request, false),
    PutTargets(tx, request) {
      const { Rule: name, EventBusName, Targets } = parseRequest(requests.putTargets, request);
      const rule = book.get(tx, requireBus(tx, busNameOf(EventBusName)), name);
      const targets = new Map(rule.targets.map((target) => [target.Id, target]));
      for (const target of Targets as Target[]) {
        checkTarget(target, targetServices);
        targets.set(target.Id, target);
      }
      if (targets.size > mostTargets)
        throw new EventBusError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
      save(tx, { ...rule, targets: [...targets.values()] });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets(tx, request) {
      const { Rule: name, EventBusName, Ids } = parseRequest(requests.removeTargets, request);
      const rule = book.get(tx, requireBus(tx, busNameOf(EventBusName)), name);
      save(tx, { ...rule, targets: rule.targets.filter(({ Id }) => !Ids.includes(Id)) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    CreateEventBus(tx, request) {
      const { Name, Tags = [] } = parseRequest(requests.createBus, request);
      // Only a partner's bus has one in its name, and there are no partners here.
      if (Name.includes("/")) throw new EventBusError("ValidationException", "Event bus name must not contain '/'.");
      if (book.hasBus(tx, Name)) throw new EventBusError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`);
      book.putBus(tx, Name);
      addTags(tx, busArn(Name), Tags);
      return { EventBusArn: busArn(Name) };
    },
    DeleteEventBus(tx, request) {
      const { Name } = parseRequest(requests.oneBus, request);
      if (Name === "default") throw new EventBusError("ValidationException", "Cannot delete event bus default.");
      if (book.list(tx, Name).length > 0) throw new EventBusError("ValidationException", "Event bus can't be deleted since it has rules.");
      book.removeBus(tx, Name);
      removeTags(tx, busArn(Name));
      return {};
    },
    ...tags.writing,
    ...archives.writing,
    ...connections.writing,
  };

  function putRule(tx: Transaction, definition: RuleDefinition): { readonly RuleArn: string } {
    const { busName = "default", name, eventPattern, scheduleExpression, isEnabled = true, description, targets = [] } = definition;
    if (!book.hasBus(tx, busName)) book.putBus(tx, busName);
    if (targets.length > 0) parseRequest(requests.putTargets, { Rule: name, Targets: targets as unknown as JsonObject[] });
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
    if (JSON.stringify(book.find(tx, busName, name)) !== JSON.stringify(rule)) save(tx, rule);
    return { RuleArn: ruleArn(busName, name) };
  }

  function query(view: ReadView, operation: string, request: JsonObject): JsonObject {
    const read = Object.hasOwn(reading, operation) ? reading[operation] : undefined;
    if (read === undefined) throw unknown(operation);
    return read(view, request);
  }

  return {
    putRule,
    query,
    operations: [...Object.keys(reading), ...Object.keys(writing)],
    execute(tx, operation, request) {
      const write = Object.hasOwn(writing, operation) ? writing[operation] : undefined;
      return write === undefined ? query(tx, operation, request) : write(tx, request);
    },
  };
}

function unknown(operation: string): EventBusError {
  return new EventBusError("UnknownOperationException", `The operation ${operation} is not known.`);
}
