/**
 * Events routed a second with 10, 1,000 and 10,000 rules, three of which want each event: put, matched, handed to three targets and on
 * disk. Beside it, in processor time, what an event costs and what finding its rules does. `--quick` is a short look.
 */
import { cpus, loadavg } from "node:os";
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import { createEventBus, type Envelope, type EventBus } from "@serverlesspresso/event-bus";
import { openStore, type Store } from "@serverlesspresso/store";
import { type BenchOptions, count, measure, onNewFolder, printTable } from "./measure.ts";
import { type RuleSet, ruleSets, rulesPerEvent } from "./rules/rule-sets.ts";

const sizes = [10, 1_000, 10_000];
const [entriesPerPut, inFlight] = [10, 16];
const place = { account: "123456789012", region: "us-east-1" };
const busName = "Bench";

interface Figures {
  readonly routedPerSecond: number;
  /** Of processor time, for all there is to do. */
  readonly microsecondsPerEvent: number;
  readonly findMicroseconds: number;
  /** Milliseconds a rule's change costs the next event. */
  readonly changeMilliseconds: number;
}

/** Runs the benchmark and prints its table. */
export async function run({ isQuick }: BenchOptions): Promise<void> {
  const busy = loadavg()[0] as number;
  const seconds = isQuick ? 1 : 4;
  const rows: string[][] = [];
  for (const set of ruleSets) {
    let first: Figures | undefined;
    for (const size of sizes) {
      const figures = await onNewFolder((folder) => measureBus(folder, set, size, seconds));
      first ??= figures;
      rows.push(rowOf(set, size, figures, first));
    }
  }
  const head = ["rules", "", "cost of an event ×", "events routed/s", "processor, an event", "finding its rules", "after a rule's change"];
  printTable(`Events routed a second, ${rulesPerEvent} rules wanting each; × of what one costs with ${sizes[0]} rules`, head, rows);
  console.log(
    `${entriesPerPut} events a call, ${inFlight} calls at a time; every event on disk with what its targets did, so the disk sets the pace.`,
  );
  console.log(`${cpus().length} processors; ${busy.toFixed(1)} of them busy with something else before.`);
}

function rowOf({ name }: RuleSet, size: number, figures: Figures, first: Figures): string[] {
  return [
    name,
    count(size),
    `${(figures.microsecondsPerEvent / first.microsecondsPerEvent).toFixed(2)}×`,
    count(figures.routedPerSecond),
    `${figures.microsecondsPerEvent.toFixed(1)} µs`,
    `${figures.findMicroseconds.toFixed(1)} µs`,
    `${figures.changeMilliseconds.toFixed(1)} ms`,
  ];
}

async function measureBus(folder: string, set: RuleSet, size: number, seconds: number): Promise<Figures> {
  const onError = (error: unknown): void => console.error(error);
  const store = await openStore({ folder, onFailure: onError });
  const clock = createSystemClock();
  let delivered = 0;
  const targets = { logs: { kind: "transactional", deliver: () => void delivered++ } } as const;
  const bus = createEventBus({ store, clock, ids: createIds(clock), ...place, targets, onError });
  await putRules(store, bus, set, size);
  bus.start();
  const groups = Math.ceil(size / rulesPerEvent);
  let events = 0;
  const once = (): Promise<void> =>
    store.transact((tx) => {
      const Entries = Array.from({ length: entriesPerPut }, () => ({ ...set.event(++events % groups), EventBusName: busName }));
      bus.putEvents(tx, { Entries });
    });
  await once();
  if (delivered < entriesPerPut) throw new Error(`${set.name}: ${delivered} deliveries of ${entriesPerPut} events`);
  const [begun, before] = [process.cpuUsage(), events];
  const { perSecond } = await measure(inFlight, seconds, once);
  const microsecondsPerEvent = processorSince(begun) / (events - before);
  const findMicroseconds = await measureFinding(store, bus, set, groups, seconds);
  const changeMilliseconds = await measureChange(store, bus, set);
  await bus.stop();
  await store.close();
  return { routedPerSecond: perSecond * entriesPerPut, microsecondsPerEvent, findMicroseconds, changeMilliseconds };
}

async function putRules(store: Store, bus: EventBus, set: RuleSet, size: number): Promise<void> {
  const Arn = `arn:aws:logs:${place.region}:${place.account}:log-group:bench`;
  await store.transact((tx) => {
    for (let i = 0; i < size; i++) {
      const eventPattern = set.pattern(Math.floor(i / rulesPerEvent));
      bus.putRule(tx, { busName, name: `rule-${i}`, eventPattern, targets: [{ Id: "t", Arn }] });
    }
  });
}

function envelopeOf(set: RuleSet, group: number): Envelope {
  const { Source, DetailType, Detail } = set.event(group);
  const known = { version: "0", id: "i", time: "2026-01-01T09:00:00Z", resources: [], ...place } as const;
  return { ...known, source: Source, "detail-type": DetailType, detail: Detail };
}

/** Over at most 500 of the groups, evenly spread. */
function measureFinding(store: Store, bus: EventBus, set: RuleSet, groups: number, seconds: number): Promise<number> {
  const some = Math.min(groups, 500);
  const envelopes = Array.from({ length: some }, (_, i) => envelopeOf(set, Math.floor((i * groups) / some)));
  return store.transact((tx) => {
    const [until, begun] = [performance.now() + seconds * 250, process.cpuUsage()];
    let searches = 0;
    while (performance.now() < until) {
      for (const envelope of envelopes) bus.matchingRules(tx, busName, envelope);
      searches += envelopes.length;
    }
    return processorSince(begun) / searches;
  });
}

async function measureChange(store: Store, bus: EventBus, set: RuleSet): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    await store.transact((tx) => bus.execute(tx, i % 2 === 0 ? "DisableRule" : "EnableRule", { Name: "rule-0", EventBusName: busName }));
    await store.transact((tx) => {
      const begun = process.cpuUsage();
      bus.matchingRules(tx, busName, envelopeOf(set, 1));
      times.push(processorSince(begun) / 1_000);
    });
  }
  return times.sort((a, b) => a - b)[2] as number;
}

/** Microseconds of processor time. */
function processorSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return user + system;
}
