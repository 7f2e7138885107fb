/** EventBridge over the store: the buses of an account and region, put together from publisher, rules, deliveries, schedules, replays and archive. */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Store, Transaction } from "@serverlesspresso/store";
import { type ArchivedEvent, archiveStart, type ListEvents, listEvents } from "./archive.ts";
import { createArchiveCounts } from "./archive-counts.ts";
import { createArchiveUpkeep } from "./archive-upkeep.ts";
import type { BusFeed } from "./bus-feed.ts";
import { type ApiDestination, type ConnectionParameters, destinationKey, parametersOf, partsOfArn } from "./connections.ts";
import { createDeliveries } from "./deliveries.ts";
import { countDeliveries, type DeadDelivery, readDead } from "./delivery-record.ts";
import type { BusEngine } from "./engine.ts";
import { type Envelope, envelopeOf } from "./envelope.ts";
import { EventBusError } from "./errors.ts";
import { createPublisher, type ServiceEvent } from "./publisher.ts";
import { createReplays, type ReplayRequest } from "./replays.ts";
import { awsRetryDefaults, type RetryDefaults } from "./retry-policy.ts";
import type { DeadLetterAddress, DeadLetterMessage, Rule, RuleDefinition, TargetInvoker, TargetInvokers } from "./rule.ts";
import { createRuleBook } from "./rule-book.ts";
import { putRule } from "./rule-operations.ts";
import { createSchedules } from "./schedules.ts";
import { eventBridge } from "./service.ts";
import { readEvent } from "./stored-events.ts";

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
  /** Names of members of events whose texts are few: the archive has each text once (event-bus.ES1); by default none. */
  readonly fewTexts?: readonly string[];
  /** The most deliveries to one target at a time; by default 16. */
  readonly concurrency?: number;
  /** How many days events stay in the archive; by default for ever. */
  readonly archiveRetentionDays?: number;
  /** Returns from when on targets read events by their marks; by default no target does. */
  readonly marksReadFromMs?: (view: ReadView) => number;
  /** Where events and deliveries are put for watchers. */
  readonly feed?: BusFeed;
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

/** Creates the buses over a store. Nothing is delivered before `start`. */
export function createEventBus(options: EventBusOptions): EventBus {
  const { store, account, region, onError } = options;
  const book = createRuleBook(onError);
  const startsAtMs = archiveStart(options.clock, options.archiveRetentionDays);

  const ruleArn = (busName: string, name: string): string =>
    `arn:aws:events:${region}:${account}:rule/${busName === "default" ? "" : `${busName}/`}${name}`;

  const publisher = createPublisher({
    ...options,
    book,
    dispatch: (tx, sequence, event, rules) => deliveries.dispatch(tx, sequence, event, rules, ""),
  });
  const toOtherBus: TargetInvoker = {
    kind: "transactional",
    deliver: (tx, { Arn }, _input, envelope) => publisher.forward(tx, Arn.slice(Arn.indexOf("/") + 1), envelope),
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
    fire: (tx, rule, atMs, time) => publisher.putScheduled(tx, rule, { time, resources: [ruleArn(rule.busName, rule.name)], atMs }),
  });

  const archive = createArchiveUpkeep(options);

  const replays = createReplays({
    ...options,
    startsAtMs,
    put(tx, { sequence, event }, replayName, ruleNames) {
      const envelope = envelopeOf(event, options, replayName);
      const rules = book.index(tx).match(event.bus, envelope);
      const chosen = ruleNames === undefined ? rules : rules.filter(({ name }) => ruleNames.includes(name));
      deliveries.dispatch(tx, sequence, event, chosen, replayName);
    },
  });

  const engine: BusEngine = {
    ...options,
    targetServices: Object.keys(targets),
    countArchive: createArchiveCounts({ ...options, startsAtMs }),
    book,
    ruleArn,
    putEvents: publisher.putEvents,
    schedules,
    replays,
  };

  return {
    putEvents: publisher.putEvents,
    putServiceEvent: publisher.putServiceEvent,
    putRule: (tx, definition) => putRule(engine, tx, definition),
    ...eventBridge.on(engine),
    listEvents: (view, request = {}) => listEvents(view, options, { ...request, fromMs: Math.max(request.fromMs ?? 0, startsAtMs(view)) }),
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
