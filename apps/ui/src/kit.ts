/**
 * What every app stands on: settings, the server's clock, a session, the API, the live link and the words, wired together once.
 *
 * K1. `/settings.json` is read at the start and again with each snapshot: it sets the clock. Without an answer the last one known counts.
 * K2. The live link is renewed with a fresh token before the old one ends.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type Api, createApi } from "./api.ts";
import { type Clock, createServerClock, deviceClock, type ServerClock } from "./clock.ts";
import { http } from "./http.ts";
import { type Dictionary, type Language, loadDictionary } from "./i18n.ts";
import { createLive, type Live, type LiveOptions, onWake } from "./live.ts";
import type { Socket, Subscription } from "./mqtt/index.ts";
import { consumeParameters } from "./parameters.ts";
import { random, randomId } from "./random.ts";
import { createSession, type Session } from "./session.ts";
import { type Endpoints, endpointsOf, foreignHosts, keepSettings, keptSettings, pickSettings, type Settings } from "./settings.ts";
import { record } from "./shop.ts";
import { openShelf, openVault, type Shelf } from "./storage.ts";
import { createUserPool, type UserPool } from "./user-pool.ts";
import type { CommonWords } from "./words/en.ts";

/** Settings from a link that name foreign hosts; they take effect when the user agrees. */
export interface Proposal {
  readonly hosts: readonly string[];
  accept(): void;
  refuse(): void;
}

export interface Kit<W extends CommonWords = CommonWords> extends Dictionary<W> {
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  /** The server's time, ticking. Reading it in a view makes the view tick. */
  readonly now: ReadonlySignal<number>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly proposal: ReadonlySignal<Proposal | undefined>;
  /** What `/settings.json` said, beneath what is kept on the device. */
  readonly settings: ReadonlySignal<Settings>;
  readonly endpoints: () => Endpoints;
  readonly pool: UserPool;
  readonly session: Session;
  readonly api: Api;
  openLive(options: Pick<LiveOptions, "onMessage" | "snapshot"> & { filters: () => readonly string[] }): Live;
}

export interface KitOptions<W> {
  readonly app: string;
  readonly words: Record<Language, () => Promise<{ words: W }>>;
  /** Parameters of the address that the app consumes. */
  readonly parameters?: readonly string[];
}

const REMOTE = "settings.json";

/** Resolves once words are loaded and the settings have been asked for. */
export async function createKit<W extends CommonWords>({ app, words, parameters: names = [] }: KitOptions<W>): Promise<Kit<W>> {
  const clock = deviceClock;
  const shelf = openShelf(`serverlesspresso.${app}.`);
  const parameters = consumeParameters(location, history, names);
  const serverClock = createServerClock(clock);
  const kept = signal(keptSettings(shelf));
  const remote = signal<Settings>(pickSettings(shelf.get<Record<string, unknown>>(REMOTE) ?? {}));
  const proposal = signal(propose(parameters.settings));
  const settings = computed(() => ({ ...remote.value, ...kept.value }));
  const endpoints = (): Endpoints => endpointsOf(settings.peek(), location.origin);
  const pool = createUserPool(http, endpoints);
  const issuer = (): string => `${endpoints().userPool} ${endpoints().orders}`;
  const session = createSession({ app, vault: openVault(), pool, issuer, serverClock });

  /** S3. */
  function propose(wanted: Settings): Proposal | undefined {
    const all = { ...kept.peek(), ...wanted };
    const known = foreignHosts(kept.peek(), location.origin);
    const hosts = foreignHosts(all, location.origin).filter((host) => !known.includes(host));
    const accept = (): void => {
      keepSettings(shelf, all);
      location.reload();
    };
    if (hosts.length) return { hosts, accept, refuse: () => void (proposal.value = undefined) };
    if (Object.keys(wanted).length) keepSettings(shelf, (kept.value = all));
    return undefined;
  }

  /** K1. */
  async function readSettings(): Promise<void> {
    const askedMs = clock.nowMs();
    const body = record((await http(`${endpoints().backend}/settings.json`)).body);
    serverClock.read(Number(body.nowMs ?? clock.nowMs()), Number(body.clockRate ?? 1), askedMs);
    const read = pickSettings(body);
    shelf.set(REMOTE, read);
    if (JSON.stringify(read) !== JSON.stringify(remote.peek())) remote.value = read;
  }

  function openLive(options: Parameters<Kit["openLive"]>[0]): Live {
    let cancelRenewal = (): void => {};
    async function subscription(): Promise<Subscription> {
      cancelRenewal();
      if (!session.user.peek()) return { filters: options.filters() };
      const password = await session.accessToken();
      const leftMs = (session.renewAtMs() - serverClock.nowMs()) / serverClock.rate();
      cancelRenewal = clock.after(Math.max(1000, leftMs), live.reconnect); // K2
      return { filters: options.filters(), login: { username: "token", password } };
    }
    const live: Live = createLive({
      openSocket: () => new WebSocket(endpoints().mqtt, "mqtt") as Socket,
      clientId: `${app}-${randomId()}`,
      subscription,
      snapshot: async () => void (await Promise.all([readSettings(), options.snapshot()])),
      onMessage: options.onMessage,
      clock,
      random,
    });
    onWake(clock, live.reconnect);
    return live;
  }

  const now = signal(serverClock.nowMs());
  const tick = (): void => {
    now.value = serverClock.nowMs();
    clock.after(serverClock.rate() > 1 ? 250 : 1000, tick);
  };
  const [dictionary] = await Promise.all([loadDictionary(words, openShelf("serverlesspresso.")), readSettings().catch(() => {})]);
  tick();
  const api = createApi(http, endpoints, session);
  return {
    ...dictionary,
    shelf,
    clock,
    serverClock,
    now,
    parameters: parameters.values,
    proposal,
    settings,
    endpoints,
    pool,
    session,
    api,
    openLive,
  };
}
