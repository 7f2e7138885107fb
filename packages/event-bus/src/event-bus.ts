/**
 * EventBridge over the store.
 *
 * B1. The transaction that puts an event stores it once, together with its deliveries: all of that or nothing.
 * B2. Events have a sequence; the archive is read in that order.
 * B3. The rules at the time of the put decide which targets receive the event.
 */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { Clock, Ids, JsonObject, JsonValue } from "@serverlesspresso/ports";
import { partsOf, type ReadView, type Store, type Transaction } from "@serverlesspresso/store";
import { type ArchivedEvent, type ListEvents, listEvents } from "./archive.ts";
import { createArchiveCounts } from "./archive-counts.ts";
import { createArchiveUpkeep } from "./archive-upkeep.ts";
import { listArchives } from "./archives.ts";
import { type ApiDestination, type ConnectionParameters, destinationKey, parametersOf, partsOfArn } from "./connections.ts";
import { createDeliveries } from "./deliveries.ts";
import { countDeliveries, type DeadDelivery, readDead } from "./delivery-record.ts";
import type { BusEngine } from "./engine.ts";
import { type Envelope, envelopeOf, eventKey, isoSeconds, readEvent, type StoredEvent, storedEvents } from "./envelope.ts";
import { EventBusError } from "./errors.ts";
import { type AcceptedEntry, entriesOf, parseEntry } from "./put-events-request.ts";
import { kinds } from "./record-kinds.ts";
import { createReplays, type ReplayRequest } from "./replays.ts";
import { awsRetryDefaults, type RetryDefaults } from "./retry-policy.ts";
import type { DeadLetterAddress, DeadLetterMessage, Rule, RuleDefinition, TargetInvoker, TargetInvokers } from "./rule.ts";
import { createRuleBook } from "./rule-book.ts";
import { putRule } from "./rule-operations.ts";
import { createSchedules } from "./schedules.ts";
import { eventBridge } from "./service.ts";

/** What the bus works with: store, clock, ids, the targets by service, and its limits. */
export interface EventBusOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  /** The targets by the service in their ARN. The bus itself delivers to `events` (another bus). */
  readonly targets: TargetInvokers;
  /** Sends a delivery that was given up to a dead-letter queue. Without this function or without a queue, the bus keeps it as a dead delivery. */
  readonly deadLetter?: (tx: Transaction, queueArn: string, message: DeadLetterMessage) => void;
  readonly retry?: Partial<RetryDefaults>;
  /** The most deliveries to one target at a time; by default 16. */
  readonly concurrency?: number;
  /** How many days events stay in the archive; by default for ever. */
  readonly archiveRetentionDays?: number;
  readonly onError: (error: unknown, what: string) => void;
}

/** The event buses of an account and region. `execute` and `query` run EventBridge's operations. */
export interface EventBus extends BoundService {
  /**
   * Puts events; request and response are those of PutEvents. `Detail` may also be an object.
   * @throws {EventBusError} `ValidationException` if the request exceeds a limit; a wrong entry gets its error in the response
   * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
   */
  putEvents(tx: Transaction, request: JsonObject): JsonObject;
  /** Puts an event of an AWS service on the default bus. As on AWS, it is dropped unless a rule or an archive matches it. */
  putServiceEvent(tx: Transaction, event: ServiceEvent): void;
  /** Creates or replaces a rule: targets that the definition does not have are removed. Creates its bus if missing. */
  putRule(tx: Transaction, definition: RuleDefinition): { readonly RuleArn: string };
  /** Returns archived events; `nextSequence` is the `fromSequence` of the next call. */
  listEvents(view: ReadView, request?: ListEvents): { readonly events: readonly ArchivedEvent[]; readonly nextSequence?: number };
  /** Returns the enabled rules that match an event now: for measurements, and for tests that deliver an event again. */
  matchingRules(tx: Transaction, busName: string, envelope: Envelope): readonly Rule[];
  /** Returns the number of outstanding deliveries that are due by `dueByMs`; 0 shows a test that the bus is idle. */
  pendingDeliveries(view: ReadView, dueByMs?: number): number;
  /** Returns the deliveries that were given up and have no dead-letter queue. */
  deadDeliveries(view: ReadView, limit?: number): readonly DeadDelivery[];
  /**
   * Sends an event to one target again and drops its dead delivery, if any.
   * @param letter the attributes of its dead letter, or the same of a dead delivery
   * @throws {EventBusError} `ResourceNotFoundException` if the rule, its target or the event no longer exists
   */
  sendAgain(tx: Transaction, letter: DeadLetterAddress): void;
  /** Starts a replay. @throws {EventBusError} `ResourceAlreadyExistsException`, `ValidationException`; {EventPatternError} */
  startReplay(tx: Transaction, request: ReplayRequest): void;
  /** Returns what a connection adds to a request, its secrets included; undefined if no connection has that ARN. */
  connectionParameters(view: ReadView, connectionArn: string): ConnectionParameters | undefined;
  /** Returns the API destination with that ARN; undefined if it does not exist. */
  apiDestination(view: ReadView, arn: string): ApiDestination | undefined;
  /** Starts deliveries, replays, schedules and the upkeep of the archive. */
  start(): void;
  /** Stops them. Resolves when the deliveries in progress have ended. */
  stop(): Promise<void>;
}

/** An event that an AWS service sends. */
export interface ServiceEvent {
  readonly source: `aws.${string}`;
  readonly detailType: string;
  readonly detail: JsonObject;
  readonly resources: readonly string[];
}

/** Creates the buses over a store. Nothing is delivered before `start`. */
export function createEventBus(options: EventBusOptions): EventBus {
  const { store, clock, ids, account, region, onError } = options;
  const book = createRuleBook(onError);
  let nextSequence = firstFreeSequence(store);

  const ruleArn = (busName: string, name: string): string =>
    `arn:aws:events:${region}:${account}:rule/${busName === "default" ? "" : `${busName}/`}${name}`;

  const toOtherBus: TargetInvoker = {
    kind: "transactional",
    deliver: (tx, target, _input, envelope) => forward(tx, target.Arn.slice(target.Arn.indexOf("/") + 1), envelope),
  };
  const targets: TargetInvokers = { events: toOtherBus, ...options.targets };
  const deliveries = createDeliveries({
    ...options,
    targets,
    deadLetter: options.deadLetter,
    retry: { ...awsRetryDefaults, ...options.retry },
    concurrency: options.concurrency ?? 16,
    findRule: (busName, name) => book.find(store, busName, name),
    ruleArn,
  });

  function accept(tx: Transaction, entry: AcceptedEntry): string {
    const { bus, source, type, detail, resources, time } = entry;
    const event: StoredEvent = {
      bus,
      id: ids.uuid(),
      source,
      type,
      time,
      detail,
      ...(resources.length > 0 && { resources }),
      atMs: clock.nowMs(),
    };
    publish(tx, event);
    return event.id;
  }

  function publish(tx: Transaction, event: StoredEvent, only?: readonly Rule[]): void {
    const sequence = nextSequence++;
    tx.put(eventKey(sequence), event);
    const envelope = envelopeOf(event, options);
    const rules = only ?? book.index(tx).match(event.bus, envelope);
    deliveries.dispatch(tx, sequence, event, rules, "");
  }

  function forward(tx: Transaction, bus: string, envelope: Envelope): void {
    if (!book.hasBus(tx, bus)) throw new EventBusError("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
    const { id, source, "detail-type": type, time, detail, resources } = envelope;
    publish(tx, { bus, id, source, type, time, detail: detail as JsonValue, resources, atMs: clock.nowMs() });
  }

  function sendAgain(tx: Transaction, { RULE_ARN, TARGET_ARN, EVENT_SEQUENCE }: DeadLetterAddress): void {
    const [busName, name] = partsOfRuleArn(RULE_ARN);
    const target = book.get(tx, busName, name).targets.find(({ Arn }) => Arn === TARGET_ARN);
    const sequence = Number(EVENT_SEQUENCE);
    if (target === undefined) throw new EventBusError("ResourceNotFoundException", `Rule ${name} has no target ${TARGET_ARN}.`);
    if (!Number.isSafeInteger(sequence) || readEvent(tx, sequence) === undefined) {
      throw new EventBusError("ResourceNotFoundException", `Event ${EVENT_SEQUENCE} is not in the archive.`);
    }
    deliveries.sendAgain(tx, sequence, busName, name, target.Id);
  }

  const schedules = createSchedules({
    ...options,
    findRule: (view, busName, name) => book.find(view, busName, name),
    fire(tx, rule, atMs, time) {
      const resources = [ruleArn(rule.busName, rule.name)];
      publish(tx, { bus: rule.busName, id: ids.uuid(), source: "aws.events", type: "Scheduled Event", time, detail: {}, resources, atMs }, [
        rule,
      ]);
    },
  });

  const archive = createArchiveUpkeep(options, options.archiveRetentionDays);

  const replays = createReplays({
    ...options,
    put(tx, { sequence, event }, replayName, ruleNames) {
      const envelope = envelopeOf(event, options, replayName);
      const rules = book.index(tx).match(event.bus, envelope);
      const chosen = ruleNames === undefined ? rules : rules.filter(({ name }) => ruleNames.includes(name));
      deliveries.dispatch(tx, sequence, event, chosen, replayName);
    },
  });

  function putEvents(tx: Transaction, request: JsonObject): JsonObject {
    const nowMs = clock.nowMs();
    const results = entriesOf(request).map((raw): JsonObject => {
      const entry = parseEntry(raw, nowMs);
      if ("ErrorCode" in entry) return { ...entry };
      if (!book.hasBus(tx, entry.bus)) {
        return { ErrorCode: "ResourceNotFoundException", ErrorMessage: `Event bus ${entry.bus} does not exist.` };
      }
      return { EventId: accept(tx, entry) };
    });
    return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
  }

  function putServiceEvent(tx: Transaction, { source, detailType, detail, resources }: ServiceEvent): void {
    const atMs = clock.nowMs();
    const event: StoredEvent = {
      bus: "default",
      id: ids.uuid(),
      source,
      type: detailType,
      time: isoSeconds(atMs),
      detail,
      resources,
      atMs,
    };
    const rules = book.index(tx).match(event.bus, envelopeOf(event, options));
    if (rules.length > 0 || listArchives(tx).some(({ busName }) => busName === event.bus)) publish(tx, event, rules);
  }

  const engine: BusEngine = {
    ...options,
    targetServices: Object.keys(targets),
    countArchive: createArchiveCounts(options),
    book,
    ruleArn,
    putEvents,
    schedules,
    replays,
  };

  return {
    putEvents,
    putServiceEvent,
    putRule: (tx, definition) => putRule(engine, tx, definition),
    ...eventBridge.on(engine),
    listEvents: (view, request = {}) => listEvents(view, options, request),
    matchingRules: (tx, busName, envelope) => book.index(tx).match(busName, envelope),
    pendingDeliveries: countDeliveries,
    deadDeliveries: readDead,
    sendAgain,
    startReplay: replays.start,
    connectionParameters: parametersOf,
    apiDestination(view, arn) {
      const parts = partsOfArn(arn, "api-destination");
      const found = parts && view.get<ApiDestination>(destinationKey(parts.name));
      return found?.id === parts?.id ? found : undefined;
    },
    start() {
      deliveries.start();
      schedules.begin();
      replays.begin();
      archive.start();
    },
    async stop() {
      schedules.end();
      replays.end();
      await archive.stop();
      await deliveries.stop();
    },
  };
}

/** Returns `BUS` and `NAME` of `...:rule/BUS/NAME`. The ARN of a rule on the default bus has no `BUS`. */
function partsOfRuleArn(arn: string): [busName: string, name: string] {
  const [, first = "", second] = arn.split("/");
  return second === undefined ? ["default", first] : [first, second];
}

function firstFreeSequence(store: Store): number {
  const [last] = storedEvents.scan(store, kinds.events.range(), { reverse: true, limit: 1 });
  return last === undefined ? 1 : (partsOf(last[0])[1] as number) + 1;
}
