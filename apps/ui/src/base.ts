/**
 * What an app needs for its first view: where the backend is, what time it has, and the reader's words.
 *
 * K1. `/settings.json` is read at the start and again with each snapshot: it sets the clock. Without an answer the last one known counts.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type TopicNames, topicNamesOf } from "@serverlesspresso/contract";
import { barIn } from "./bar.ts";
import { type Clock, createNow, createServerClock, deviceClock, type Now, type ServerClock } from "./clock.ts";
import { http } from "./http.ts";
import { type Dictionary, type Language, loadDictionary } from "./i18n.ts";
import { consumeParameters } from "./parameters.ts";
import { randomId } from "./random.ts";
import { baseOf, type Endpoints, endpointsOf, foreignHosts, keepSettings, keptSettings, pickSettings, type Settings } from "./settings.ts";
import { record } from "./shop.ts";
import { openShelf, type Shelf } from "./storage.ts";

/** Settings from a link that name foreign hosts; they take effect when the user agrees. */
export interface Proposal {
  readonly hosts: readonly string[];
  accept(): void;
  refuse(): void;
}

/** What every page has before anyone signs in: texts, settings, what the device keeps. */
export interface Base<W> extends Dictionary<W> {
  readonly app: string;
  /** Where the pages of all apps are. */
  readonly root: string;
  readonly shelf: Shelf;
  /** This device's id, by which its calls are counted; 128 random bits, kept for good. */
  readonly deviceId: string;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly now: Now;
  readonly parameters: ReadonlyMap<string, string>;
  readonly proposal: ReadonlySignal<Proposal | undefined>;
  /** What `/settings.json` said, beneath what is kept on the device. */
  readonly settings: ReadonlySignal<Settings>;
  readonly endpoints: () => Endpoints;
  /** The topics of the bar that `/settings.json` names; the first bar's where it names none. */
  readonly topics: () => TopicNames;
  /** K1. @throws where no answer came. */
  readSettings(): Promise<void>;
}

/** What tells one app from another. `words` loads the texts of a language. */
export interface BaseOptions<W> {
  readonly app: string;
  readonly words: Record<Language, () => Promise<{ words: W }>>;
  /** Parameters of the address that the app consumes. */
  readonly parameters?: readonly string[];
}

const REMOTE = "settings.json";
const BAR = "bar";

/** Resolves once the words are loaded; the settings are asked for meanwhile. */
export async function createBase<W extends object>({ app, words, parameters: names = [] }: BaseOptions<W>): Promise<Base<W>> {
  const clock = deviceClock;
  const root = baseOf(location, app);
  const shelf = openShelf(`serverlesspresso.${app}.`);
  const parameters = consumeParameters(location, history, names);
  const serverClock = createServerClock(clock);
  const kept = signal(keptSettings(shelf));
  const remote = signal<Settings>(pickSettings(shelf.get<Record<string, unknown>>(REMOTE) ?? {}));
  let bar = barIn({ bar: shelf.get(BAR) });
  const proposal = signal(propose(parameters.settings));
  const settings = computed(() => ({ ...remote.value, ...kept.value }));
  const endpoints = (): Endpoints => endpointsOf(settings.peek(), root);

  /** S3. */
  function propose(wanted: Settings): Proposal | undefined {
    const all = { ...kept.peek(), ...wanted };
    const known = foreignHosts(kept.peek(), root);
    const hosts = foreignHosts(all, root).filter((host) => !known.includes(host));
    const accept = (): void => {
      keepSettings(shelf, all);
      location.reload();
    };
    if (hosts.length) return { hosts, accept, refuse: () => void (proposal.value = undefined) };
    if (Object.keys(wanted).length) keepSettings(shelf, (kept.value = all));
    return undefined;
  }

  async function readSettings(): Promise<void> {
    const askedMs = clock.nowMs();
    const body = record((await http(`${endpoints().backend}/settings.json`)).body);
    serverClock.read(Number(body.nowMs ?? clock.nowMs()), Number(body.clockRate ?? 1), askedMs);
    const read = pickSettings(body);
    shelf.set(REMOTE, read);
    bar = barIn(body);
    shelf.set(BAR, bar);
    if (JSON.stringify(read) !== JSON.stringify(remote.peek())) remote.value = read;
  }

  const reading = readSettings().catch(() => {});
  const common = openShelf("serverlesspresso.");
  const deviceId = common.get<string>("device") ?? randomId();
  common.set("device", deviceId);
  const dictionary = await loadDictionary(words, common);
  await reading;
  return {
    ...dictionary,
    app,
    root,
    shelf,
    deviceId,
    clock,
    serverClock,
    now: createNow(clock, serverClock),
    parameters: parameters.values,
    proposal,
    settings,
    endpoints,
    topics: () => topicNamesOf(bar),
    readSettings,
  };
}
