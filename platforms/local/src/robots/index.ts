import type { Clock, Ids } from "@serverlesspresso/ports";
import { createRobotApi, type RobotApi } from "./api.ts";
import { playBarista } from "./barista.ts";
import { playGuest } from "./guest.ts";
import { createPace, type Pace } from "./pace.ts";

/** How many robots play, where, and with which rights. */
export interface RobotsOptions {
  /** Where the shop is, without a slash at the end. */
  readonly url: string;
  /** How many; one in five is a barista, the others are guests. */
  readonly count: number;
  readonly clock: Clock;
  readonly ids: Ids;
  /** An access token of the staff; asked for again when one has ended. */
  readonly staffToken: () => Promise<string>;
  readonly onError: (error: unknown, what: string) => void;
}

/** Robots that play. */
export interface Robots {
  /** Resolves when every robot has put down what it did. */
  stop(): Promise<void>;
}

/** Guests and baristas that play through the public API until they are stopped. */
export function startRobots({ url, count, clock, ids, staffToken, onError }: RobotsOptions): Robots {
  const pace = createPace(clock, ids);
  const baristas = Math.max(1, Math.round(count / 5));

  async function readCode(): Promise<string | undefined> {
    const shown = await (await staff()).call<{ code: string; remaining: number }>("GET", "/qr-code");
    return shown.ok && shown.body.remaining > 0 ? shown.body.code : undefined;
  }

  async function staff(): Promise<RobotApi> {
    const api = createRobotApi(url);
    api.adopt({ AccessToken: await staffToken() });
    return api;
  }

  const guests = Array.from({ length: Math.max(1, count - baristas) }, () =>
    untilOver(pace, onError, () => playGuest({ guest: createRobotApi(url), pace, readCode }), 40),
  );
  const crew = Array.from({ length: baristas }, () => untilOver(pace, onError, async () => playBarista(await staff(), pace), 1));
  return {
    async stop() {
      pace.end();
      await Promise.all([...guests, ...crew]);
    },
  };
}

/** Plays again and again, after a rest of about `restSeconds`; a robot that failed rests too and goes on. */
async function untilOver(pace: Pace, onError: RobotsOptions["onError"], play: () => Promise<void>, restSeconds: number): Promise<void> {
  await pace.wait(restSeconds);
  while (!pace.isOver()) {
    await play().catch((error: unknown) => {
      if (!pace.isOver()) onError(error, "robot");
    });
    await pace.wait(restSeconds);
  }
}
