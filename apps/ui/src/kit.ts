/**
 * What a whole app stands on: a session, the API and the live link, wired to its base once.
 *
 * K2. The live link is renewed with a fresh token before the old one ends.
 * K3. A token that the link's server refuses is renewed too; where the pool refuses that, the session is over.
 */
import { type Api, createApi } from "./api.ts";
import type { Base } from "./base.ts";
import { http } from "./http.ts";
import { createLeaving, type Leaving } from "./leaving.ts";
import { createLive, type Live, type LiveOptions, onWake } from "./live.ts";
import type { Socket, Subscription } from "./mqtt/index.ts";
import { random, randomId } from "./random.ts";
import { createSession, type Session } from "./session.ts";
import { issuerOf } from "./settings.ts";
import { createUserPool, type UserPool, type WayIn } from "./user-pool.ts";
import { openVault } from "./vault.ts";
import type { CommonWords } from "./words/en.ts";

/** What every app is made of: settings, session, API, live messages. */
export interface Kit<W extends CommonWords = CommonWords> extends Base<W> {
  readonly pool: UserPool;
  readonly session: Session;
  readonly leaving: Leaving;
  readonly api: Api;
  openLive(options: Pick<LiveOptions, "onMessage" | "snapshot"> & { filters: () => readonly string[] }): Live;
}

/** @param wayIn how the password is shown to the pool; absent where it is sent */
export function createKit<W extends CommonWords>(base: Base<W>, wayIn?: WayIn): Kit<W> {
  const { app, clock, serverClock, endpoints } = base;
  const pool = createUserPool(http, base.deviceId, endpoints, wayIn);
  const issuer = (): string => issuerOf(endpoints());
  const session = createSession({ app, vault: openVault(), pool, issuer, serverClock });

  function openLive(options: Parameters<Kit["openLive"]>[0]): Live {
    let cancelRenewal = (): void => {};
    async function subscription(): Promise<Subscription> {
      cancelRenewal();
      if (!session.user.peek()) return { filters: options.filters() };
      const password = await session.accessToken();
      const soonestMs = serverClock.nowMs() + 1000 * serverClock.rate();
      cancelRenewal = serverClock.at(Math.max(soonestMs, session.renewAtMs()), live.renew); // K2
      return { filters: options.filters(), login: { username: "token", password } };
    }
    const live: Live = createLive({
      openSocket: () => new WebSocket(endpoints().mqtt, "mqtt") as Socket,
      clientId: `${app}-${randomId()}`,
      subscription,
      snapshot: async () => void (await Promise.all([base.readSettings(), options.snapshot()])),
      onMessage: options.onMessage,
      onRefused: session.discardAccessToken, // K3
      clock,
      random,
    });
    onWake(clock, live.renew);
    return live;
  }

  return { ...base, pool, session, leaving: createLeaving(session), api: createApi(http, endpoints, session), openLive };
}
