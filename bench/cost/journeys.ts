/** The ways an order can go (docs/spec.md section 1), each played once by the apps' own calls. */
import type { Bar } from "../../test/support/bar.ts";
import { client, openPhone, type Phone } from "./clients.ts";
import type { Counter } from "./counts.ts";

export const journeyNames = ["completed", "cancelled", "customerTimedOut", "baristaTimedOut", "refused"] as const;
export type JourneyName = (typeof journeyNames)[number];
/** What share of the orders goes which way; together 1. */
export type JourneyMix = Readonly<Record<JourneyName, number>>;

/** Most guests get their drink. */
export const usualMix: JourneyMix = { completed: 0.93, cancelled: 0.03, customerTimedOut: 0.02, baristaTimedOut: 0.01, refused: 0.01 };

export interface Stage {
  readonly bar: Bar;
  readonly counter: Counter;
  /** Tablets and displays that receive every order; each asks for an order it knows in part. */
  readonly screens: number;
  /** The current window's code. */
  readonly code: string;
}

/** Plays a journey to its end and answers its order. */
export async function play(name: JourneyName, stage: Stage): Promise<string> {
  const { bar, counter } = stage;
  const phone = await openPhone(counter, bar.url);
  const orderId = await phone.scan(stage.code);
  await bar.quiet();
  await journeys[name](stage, phone, orderId);
  await bar.quiet();
  return orderId;
}

type Journey = (stage: Stage, phone: Phone, orderId: string) => Promise<void>;

const journeys: Readonly<Record<JourneyName, Journey>> = {
  async completed(stage, phone, orderId) {
    await submit(stage, phone, orderId);
    const barista = client(stage.counter, stage.bar.url, await stage.bar.admin());
    for (const action of ["make", "complete"]) {
      await barista.call("PUT", `/orders/${orderId}?action=${action}`, {});
      await barista.call("GET", `/orders/${orderId}`);
      await stage.bar.quiet();
    }
  },
  async cancelled(stage, phone, orderId) {
    await submit(stage, phone, orderId);
    await phone.cancel(orderId);
  },
  async customerTimedOut({ bar }) {
    await bar.clock.advance(5 * 60_000);
  },
  async baristaTimedOut(stage, phone, orderId) {
    await submit(stage, phone, orderId);
    await stage.bar.clock.advance(15 * 60_000);
  },
  // The shop was full: the workflow refused on its own.
  async refused() {},
};

async function submit({ bar, counter, screens }: Stage, phone: Phone, orderId: string): Promise<void> {
  await phone.place(orderId);
  await bar.quiet();
  const screen = client(counter, bar.url, await bar.admin());
  for (let i = 0; i < screens; i++) await screen.call("GET", `/orders/${orderId}`);
}
