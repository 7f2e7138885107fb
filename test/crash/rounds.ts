/** Rounds of load, kill -9, restart, quiet, stop and a look into the books. */
import { type OrderView, type Person, pairBarista, signInAdmin } from "../support/api.ts";
import { freePort, type Server, startServer, temporaryFolder } from "../support/server.ts";
import { returnAfterRestart } from "./after-restart.ts";
import { type Books, readBooks } from "./books.ts";
import { findViolations } from "./invariants.ts";
import type { ShopLimits } from "./judge.ts";
import { createLedger, type Journey, journeyEnds, type Ledger } from "./ledger.ts";
import { startLoad } from "./load.ts";
import { watchOrders } from "./watch.ts";

export interface RoundsOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly report?: (line: string) => void;
  /** Stops at the first round that breaks something. */
  readonly untilBroken?: boolean;
  /** Of the server's processes. */
  readonly environment?: Readonly<Record<string, string>>;
}
export interface RoundsResult {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly orders: number;
  readonly byState: Record<string, number>;
  readonly refusedAtScan: Record<string, number>;
  /** The fewest acknowledgements before a kill. */
  readonly leastAcknowledged: number;
  /** Orders of each journey that ended as their players meant. */
  readonly played: Readonly<Record<Journey, number>>;
  readonly violations: readonly string[];
}

const clockRate = 40;
const shop: ShopLimits = { customerTimeoutSeconds: 60, baristaTimeoutSeconds: 100, maxOrdersInQueue: 12, timeZone: "America/Sao_Paulo" };
/** A new folder after so many rounds, so that books stay short enough to read whole each time. */
const roundsPerFolder = 10;
/** A round's kill comes after at least so many acknowledgements, and at most twice as many. */
const acknowledgementsPerRound = 40;

/** Plays rounds, each judged by itself. A journey that never ended in any of them is a violation too. */
export async function runRounds(options: RoundsOptions): Promise<RoundsResult> {
  const { rounds, seed, report = () => {}, untilBroken = false, environment = {} } = options;
  const random = seeded(seed);
  const played = Object.fromEntries(Object.keys(journeyEnds).map((name) => [name, 0])) as Record<Journey, number>;
  const total = {
    acknowledged: 0,
    orders: 0,
    byState: {} as Record<string, number>,
    refusedAtScan: {} as Record<string, number>,
    leastAcknowledged: Number.POSITIVE_INFINITY,
    violations: [] as string[],
  };
  const isEnough = (done: number): boolean => done >= rounds || (untilBroken && total.violations.length > 0);
  let done = 0;
  while (!isEnough(done)) {
    const folder = temporaryFolder();
    const ledger = createLedger();
    let books: Books | undefined;
    for (let inFolder = 0; inFolder < roundsPerFolder && !isEnough(done); inFolder++, done++) {
      const before = ledger.acknowledged.length;
      books = await runRound({ dataFolder: folder.path, ledger, random, environment });
      const acknowledged = ledger.acknowledged.length - before;
      total.leastAcknowledged = Math.min(total.leastAcknowledged, acknowledged);
      const found = [...ledger.findings.splice(0), ...findViolations(books, ledger.acknowledged, shop)];
      total.violations.push(...found.map((what) => `round ${done + 1}: ${what}`));
      report(
        `round ${done + 1} of ${rounds}: ${books.orders.length} orders in the books, ${acknowledged} acknowledgements, ${found.length} violations`,
      );
      for (const what of found.slice(0, 20)) report(`  ${what}`);
    }
    total.acknowledged += ledger.acknowledged.length;
    for (const [status, count] of ledger.refusedAtScan) total.refusedAtScan[status] = (total.refusedAtScan[status] ?? 0) + count;
    for (const { SK, ORDERSTATE } of books?.orders ?? []) {
      total.orders++;
      total.byState[ORDERSTATE] = (total.byState[ORDERSTATE] ?? 0) + 1;
      const journey = ledger.plans.get(SK);
      if (journey !== undefined && journeyEnds[journey] === ORDERSTATE) played[journey]++;
    }
    folder.remove();
  }
  const missed = untilBroken ? [] : Object.entries(played).filter(([, count]) => count === 0);
  total.violations.push(...missed.map(([journey]) => `load: no order was ${journey}`));
  return { rounds: done, ...total, played };
}

interface Round {
  readonly dataFolder: string;
  readonly ledger: Ledger;
  readonly random: () => number;
  readonly environment: Readonly<Record<string, string>>;
}

async function runRound({ dataFolder, ledger, random, environment }: Round): Promise<Books> {
  const port = await freePort();
  const start = (): Promise<Server> => startServer({ dataFolder, clockRate, port, environment });
  const server = await start();
  const admin = await signInAdmin(server.url);
  await prepare(admin);
  const baristas = [admin, admin, await pairBarista(server.url, admin)];
  const load = startLoad({ url: server.url, admin, baristas, ledger, random, guests: 12 });
  await load.reached(acknowledgementsPerRound + Math.floor(random() * acknowledgementsPerRound));
  await server.kill();
  await load.stop();

  const restarted = await start();
  const again = await signInAdmin(restarted.url);
  const watch = await watchOrders(restarted.url, again);
  await returnAfterRestart(restarted.url, ledger);
  await letFinish(restarted);
  ledger.findings.push(...(await watch.end()));
  await restarted.stop();
  return readBooks(dataFolder);
}

async function prepare(admin: Person): Promise<void> {
  const answers = [await admin.call("PUT", "/config", { ...shop, drinksPerBarcode: 60 }), await admin.call("PUT", "/store?state=open")];
  for (const { status, body } of answers)
    if (status !== 200) throw new Error(`preparing the shop answered ${status}: ${JSON.stringify(body)}`);
}

/** No one acts from here on: every open order runs into its timeout. */
async function letFinish({ url }: Server): Promise<void> {
  const admin = await signInAdmin(url);
  const givenUpAt = performance.now() + 30_000;
  let quietSince: number | undefined;
  while (performance.now() < givenUpAt) {
    const open = await Promise.all(
      ["CREATED", "SUBMITTED", "MAKING"].map(
        async (state) => (await admin.call<{ orders: OrderView[] }>("GET", `/orders?state=${state}&maxItems=1`)).body.orders.length,
      ),
    );
    const isQuiet = open.every((count) => count === 0);
    quietSince = isQuiet ? (quietSince ?? performance.now()) : undefined;
    // The consumers of the metrics queues take up to 30 s of the shop's time for a batch.
    if (quietSince !== undefined && performance.now() - quietSince > (35_000 / clockRate) * 1.3) return;
    await pause(50);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Mulberry32: the same seed, the same moments of the kill and the same plans. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
