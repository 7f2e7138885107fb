import { blueprint as wholeBlueprint } from "@serverlesspresso/blueprint";
import { createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { rangeOf, type Transaction } from "@serverlesspresso/store";
import { type Platform, startPlatform } from "../../platforms/local/src/platform.ts";
import type { PlatformOptions } from "../../platforms/local/src/start/options.ts";
import { type OrderView, type Person, pairBarista, signInAdmin, signInGuest, type Window } from "./api.ts";
import { adminEmail, adminPassword, temporaryFolder } from "./server.ts";

/** A bar in this process, over real HTTP, on a clock that a test moves. */
export interface Bar {
  readonly url: string;
  readonly clock: ManualClock;
  /** The one that runs now: `restart` puts another in its place. */
  readonly platform: Platform;
  readonly dataFolder: string;
  /** What went wrong beside the answers. */
  readonly errors: readonly string[];
  /** A barista whose token is always fresh, however far the clock has moved. */
  admin(): Promise<Person>;
  /** Another barista: a tablet of their own, paired by the first. */
  secondBarista(): Promise<Person>;
  /** `count` guests without an open order. */
  guests(count: number): Promise<Person[]>;
  /** Changes members of the config; the others stay. */
  configure(changes: Record<string, unknown>): Promise<void>;
  /** Moves to the beginning of the next QR window and gives it. */
  nextWindow(): Promise<Window>;
  /** Waits until nothing is under way: no delivery pending, no function running. */
  quiet(): Promise<void>;
  orders(state?: string): Promise<OrderView[]>;
  /** What is on the bus so far, from the first event or from this sequence on. */
  events(fromSequence?: number): BusEvent[];
  /** The workflow of an order. */
  execution(orderId: string): { readonly status: string } | undefined;
  /** How many order workflows are running. */
  running(): number;
  /** Gives these events to every rule that matches them once more, in this order. */
  deliverAgain(events: readonly BusEvent[]): Promise<void>;
  /** All that the shop's tables hold, but items whose time to live ends before `aliveAtMs`: those may go at any moment. */
  tables(aliveAtMs?: number): Readonly<Record<string, unknown>>;
  /** Stops the platform and, `downMs` later, starts another on the same folder and port. */
  restart(downMs?: number): Promise<void>;
  close(): Promise<void>;
}
export interface BusEvent {
  readonly sequence: number;
  readonly type: string;
  readonly detail: JsonObject;
}

/** What stands between people and a bar's platform. */
export interface Front {
  readonly url: string;
  /** Takes its place before a platform that has started. */
  attach(platform: Platform): Promise<void>;
  /** Resolves when nothing that it called is running. */
  idle(): Promise<void>;
  close(): Promise<void>;
}
/** What a bar may be given beside its defaults; a clock that its test moves. */
export type BarOptions = Partial<Omit<PlatformOptions, "clock">> & { readonly clock?: ManualClock };
export type OpenFront = (bar: { readonly clock: ManualClock; readonly platform: Platform; readonly dataFolder: string }) => Promise<Front>;

let openFront: OpenFront | undefined;
/** Puts something before every bar that is opened from now on. */
export function putBefore(open: OpenFront): void {
  openFront = open;
}

const windowMs = 300_000;
/** How long, by the machine's clock, a bar may take to come to rest. */
const restMs = 3_000;

/** @param options beside the defaults, which switch rate limits off */
export async function openBar(options: BarOptions = {}): Promise<Bar> {
  const { clock = createManualClock(Date.UTC(2026, 5, 1, 9)), blueprint = wholeBlueprint } = options;
  const consumed = blueprint.queues.filter(({ consumer }) => consumer !== undefined).map(({ name }) => name);
  const folder = temporaryFolder();
  const errors: string[] = [];
  const start = (port: number): Promise<Platform> =>
    startPlatform({
      dataFolder: folder.path,
      port,
      host: "127.0.0.1",
      clock,
      adminEmail,
      adminPassword,
      rateLimitFactor: 0,
      onError: (error, what) => void errors.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`),
      ...options,
    });
  let platform = await start(0);
  const { port } = platform;
  const front = await openFront?.({ clock, platform, dataFolder: folder.path });
  await front?.attach(platform);
  const { url } = front ?? platform;
  let unsettle = clock.settleWith(quiet);
  let admin: { person: Person; atMs: number } | undefined;
  let second: { person: Person; atMs: number } | undefined;

  const bar: Bar = {
    url,
    clock,
    get platform() {
      return platform;
    },
    dataFolder: folder.path,
    errors,
    async admin() {
      if (admin === undefined || clock.nowMs() - admin.atMs > 50 * 60_000) admin = { person: await signInAdmin(url), atMs: clock.nowMs() };
      return admin.person;
    },
    async secondBarista() {
      if (second === undefined || clock.nowMs() - second.atMs > 50 * 60_000)
        second = { person: await pairBarista(url, await bar.admin()), atMs: clock.nowMs() };
      return second.person;
    },
    guests: (count) => Promise.all(Array.from({ length: count }, (_, i) => signInGuest(url, `Guest ${i}`))),
    async configure(changes) {
      const { status, body } = await (await bar.admin()).call("PUT", "/config", changes);
      if (status !== 200) throw new Error(`PUT /config answered ${status}: ${JSON.stringify(body)}`);
    },
    async nextWindow() {
      await clock.advance(windowMs - (clock.nowMs() % windowMs));
      return (await (await bar.admin()).call<Window>("GET", "/qr-code")).body;
    },
    quiet,
    async orders(state) {
      const found: OrderView[] = [];
      let next: string | undefined;
      do {
        const query = `?maxItems=100${state === undefined ? "" : `&state=${state}`}${next === undefined ? "" : `&next=${encodeURIComponent(next)}`}`;
        const { body } = await (await bar.admin()).call<{ orders: OrderView[]; next?: string | null }>("GET", `/orders${query}`);
        found.push(...body.orders);
        next = body.next ?? undefined;
      } while (next !== undefined);
      return found;
    },
    events: readEvents,
    execution(orderId) {
      try {
        return platform.workflows.query(platform.store, "DescribeExecution", {
          executionArn: `arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:${orderId}`,
        }) as { status: string };
      } catch {
        return undefined;
      }
    },
    running: () =>
      (
        platform.workflows.query(platform.store, "ListExecutions", {
          stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow",
          statusFilter: "RUNNING",
          maxResults: 1000,
        }).executions as unknown[]
      ).length,
    async deliverAgain(events) {
      for (const { sequence } of events) {
        await platform.store.transact((tx) => deliverAgain(tx, sequence));
        await quiet();
      }
    },
    tables(aliveAtMs = 0) {
      const isAlive = ({ expiresAt }: { expiresAt?: { N: string } }): boolean =>
        expiresAt === undefined || Number(expiresAt.N) * 1000 > aliveAtMs;
      const itemsOf = (name: string): unknown[] =>
        (platform.tables.query(platform.store, "Scan", { TableName: `serverlesspresso-${name}-table` }).Items as object[]).filter(isAlive);
      return Object.fromEntries(["config", "counting", "order", "validator", "metrics"].map((name) => [name, itemsOf(name)]));
    },
    async restart(downMs = 0) {
      await platform.stop();
      unsettle();
      await clock.advance(downMs);
      unsettle = clock.settleWith(quiet);
      platform = await start(port);
      await front?.attach(platform);
    },
    async close() {
      await front?.close();
      await platform.stop();
      folder.remove();
    },
  };
  return bar;

  /** As if the worker had died after each delivery and before it could note it. */
  function deliverAgain(tx: Transaction, sequence: number): void {
    const [event] = platform.bus.listEvents(tx, { fromSequence: sequence, limit: 1 }).events;
    if (event === undefined) throw new Error(`no event has sequence ${sequence}`);
    const { busName, envelope } = event;
    for (const rule of platform.bus.matchingRules(tx, busName, envelope)) {
      for (const { Arn: TARGET_ARN } of rule.targets)
        platform.bus.sendAgain(tx, {
          RULE_ARN: `arn:aws:events:us-east-1:123456789012:rule/${busName}/${rule.name}`,
          TARGET_ARN,
          EVENT_SEQUENCE: `${sequence}`,
        });
    }
  }

  function readEvents(fromSequence?: number): BusEvent[] {
    const events: BusEvent[] = [];
    let from = fromSequence;
    do {
      const page = platform.bus.listEvents(platform.store, { limit: 1000, ...(from === undefined ? {} : { fromSequence: from }) });
      events.push(
        ...page.events.map(({ sequence, envelope }) => ({
          sequence,
          type: envelope["detail-type"],
          detail: envelope.detail as JsonObject,
        })),
      );
      from = page.nextSequence;
    } while (from !== undefined);
    return events;
  }

  /** Whether a consumer has taken messages that it has not finished. */
  function isBeingHandled(name: string): boolean {
    const request = { QueueUrl: `http://localhost/123456789012/${name}`, AttributeNames: ["ApproximateNumberOfMessagesNotVisible"] };
    const { Attributes } = platform.queues.query(platform.store, "GetQueueAttributes", request) as { Attributes: Record<string, string> };
    return Attributes.ApproximateNumberOfMessagesNotVisible !== "0";
  }

  /** Whether something is under way that does not wait for the clock. */
  function isBusy(): boolean {
    const { bus, store } = platform;
    return (
      bus.pendingDeliveries(store, clock.nowMs()) > 0 ||
      ["stream", "xw"].some((kind) => store.scan(rangeOf(kind), { limit: 1 }).length > 0) || // streams, and workflows with work to do
      consumed.some(isBeingHandled)
    );
  }

  async function quiet(): Promise<void> {
    // A function may be called and itself wait for the clock, which a test moves; so there is an end to waiting here.
    const endMs = performance.now() + restMs;
    for (let quietTurns = 0, turns = 0; quietTurns < 3 && (turns < 400 || performance.now() < endMs); turns++) {
      await platform.store.flush();
      await front?.idle();
      // Other threads need real time for what they are asked.
      await new Promise((resolve) => (turns < 100 ? setImmediate(resolve) : setTimeout(resolve, 1)));
      quietTurns = isBusy() ? 0 : quietTurns + 1;
    }
  }
}
