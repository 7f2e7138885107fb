/** Runs the blueprint and counts each way an order can go. */

import { type Bar, type BusEvent, openBar } from "../../test/support/bar.ts";
import { client } from "./clients.ts";
import { type Counts, difference } from "./counts.ts";
import { type JourneyName, journeyNames, play } from "./journeys.ts";
import { createMeter, type Meter } from "./meter.ts";
import { type Step, stepsOf } from "./transitions.ts";

/** One journey, and what is known of it from elsewhere than the meter. */
export interface Measured {
  readonly counts: Counts;
  readonly events: readonly BusEvent[];
  readonly steps: readonly Step[];
}
export interface Measurement {
  readonly journeys: Readonly<Record<JourneyName, Measured>>;
  /** A display's question for the code of a new window. */
  readonly window: Counts;
  /** A config change: all clients receive it. */
  readonly configChange: Counts;
}

const metricsWindowMs = 31_000;

/** Each journey by itself. @param screens tablets and displays at the bar */
export function measure(screens: number): Promise<Measurement> {
  return inBar(screens, async ({ bar, meter, counted, inOneWindow }) => {
    const journeys: Partial<Record<JourneyName, Measured>> = {};
    for (const name of journeyNames) journeys[name] = await inOneWindow([name]);
    await bar.clock.advance(300_000);
    const admin = async () => client(meter, bar.url, await bar.admin());
    const window = await counted(async () => void (await (await admin()).call("GET", "/qr-code")));
    const configChange = await counted(async () => void (await (await admin()).call("PUT", "/config", { customerTimeoutSeconds: 301 })));
    return { journeys: journeys as Record<JourneyName, Measured>, window, configChange };
  });
}

/** Several orders of one window, one after the other; one that the guest lets time out comes last. */
export function recordDay(screens: number, orders: readonly JourneyName[]): Promise<Measured> {
  return inBar(screens, ({ inOneWindow }) => inOneWindow(orders));
}

interface CountedBar {
  readonly bar: Bar;
  readonly meter: Meter;
  /** Everything that `work` brings about, the batches of the metrics queues included. */
  counted(work: () => Promise<void>): Promise<Counts>;
  inOneWindow(orders: readonly JourneyName[]): Promise<Measured>;
}

async function inBar<T>(screens: number, use: (counted: CountedBar) => Promise<T>): Promise<T> {
  const meter = createMeter();
  const bar = await openBar({ observe: meter.observe });
  try {
    const result = await use({ bar, meter, counted, inOneWindow });
    if (bar.errors.length > 0) throw new Error("errors beside the answers");
    return result;
  } catch (error) {
    throw new Error(`the counted run failed: ${[String(error), ...bar.errors].join("; ")}`, { cause: error });
  } finally {
    await bar.close();
  }

  async function counted(work: () => Promise<void>): Promise<Counts> {
    await bar.admin();
    const before = meter.total();
    await work();
    await settle();
    return difference(meter.total(), before);
  }

  async function settle(): Promise<void> {
    await bar.quiet();
    await bar.clock.advance(metricsWindowMs);
    await bar.quiet();
  }

  async function inOneWindow(orders: readonly JourneyName[]): Promise<Measured> {
    const { code } = await bar.nextWindow();
    if (orders.includes("refused")) await fill(code);
    const eventsBefore = bar.events().length;
    const ids: string[] = [];
    const counts = await counted(async () => {
      for (const name of orders) ids.push(await play(name, { bar, counter: meter, screens, code }));
    });
    const steps = ids.flatMap((orderId) => stepsOf(bar.platform, orderId));
    const events = bar.events().slice(eventsBefore);
    if (orders.includes("refused")) await bar.configure({ maxOrdersInQueue: 20 });
    return { counts: { ...counts, "states/OrderProcessorWorkflow": steps.length }, events, steps };
  }

  /** One order takes the only place there is. */
  async function fill(code: string): Promise<void> {
    await bar.configure({ maxOrdersInQueue: 1 });
    const [guest] = await bar.guests(1);
    await guest?.scan(code);
    await settle();
  }
}
