/** Runs the blueprint and counts each way an order can go. */

import type { BusEvent } from "../../test/support/bar.ts";
import { openBar } from "../../test/support/bar.ts";
import { client } from "./clients.ts";
import { type Counts, difference } from "./counts.ts";
import { type JourneyName, journeyNames, play } from "./journeys.ts";
import { createMeter } from "./meter.ts";
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
  /** A config change: all clients are told. */
  readonly configChange: Counts;
}

const metricsWindowMs = 31_000;

/** @param screens tablets and displays at the bar */
export async function measure(screens: number): Promise<Measurement> {
  const meter = createMeter();
  const bar = await openBar({ observe: meter.observe });
  try {
    const journeys: Partial<Record<JourneyName, Measured>> = {};
    for (const name of journeyNames) journeys[name] = await inOneWindow(name);
    await bar.clock.advance(300_000);
    const window = await counted(async () => void (await client(meter, bar.url, await bar.admin()).call("GET", "/qr-code")));
    const configChange = await counted(
      async () => void (await client(meter, bar.url, await bar.admin()).call("PUT", "/config", { customerTimeoutSeconds: 301 })),
    );
    if (bar.errors.length > 0) throw new Error(`the run had errors: ${bar.errors.join("; ")}`);
    return { journeys: journeys as Record<JourneyName, Measured>, window, configChange };
  } catch (error) {
    throw new Error(`the counted run failed: ${[String(error), ...bar.errors].join("; ")}`, { cause: error });
  } finally {
    await bar.close();
  }

  async function inOneWindow(name: JourneyName): Promise<Measured> {
    const { code } = await bar.nextWindow();
    const blocker = name === "refused" ? await fill(code) : undefined;
    const eventsBefore = bar.events().length;
    let orderId = "";
    const counts = await counted(async () => {
      orderId = await play(name, { bar, counter: meter, screens, code });
    });
    const steps = stepsOf(bar.platform, orderId);
    const measured: Measured = {
      counts: { ...counts, "states/OrderProcessorWorkflow": steps.length },
      events: bar.events().slice(eventsBefore),
      steps,
    };
    if (blocker !== undefined) await bar.configure({ maxOrdersInQueue: 20 });
    return measured;
  }

  /** Everything that `work` brings about, the batches of the metrics queues included. */
  async function counted(work: () => Promise<void>): Promise<Counts> {
    await bar.admin();
    const before = meter.total();
    await work();
    await bar.quiet();
    await bar.clock.advance(metricsWindowMs);
    await bar.quiet();
    return difference(meter.total(), before);
  }

  /** One order takes the only place there is. */
  async function fill(code: string): Promise<string> {
    await bar.configure({ maxOrdersInQueue: 1 });
    const [guest] = await bar.guests(1);
    const { body } = (await guest?.scan(code)) ?? {};
    await bar.quiet();
    await bar.clock.advance(metricsWindowMs);
    return body?.orderId ?? "";
  }
}
