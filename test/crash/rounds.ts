/** Rounds of load, kill -9, restart, quiet, stop and a look into the books. */
import { type OrderView, type Person, signInAdmin } from "../support/api.ts";
import { freePort, type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Books, readBooks } from "./books.ts";
import { findViolations } from "./invariants.ts";
import { createLedger, type Ledger, startLoad } from "./load.ts";

export interface RoundsOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly report?: (line: string) => void;
}
export interface RoundsResult {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly orders: number;
  readonly byState: Record<string, number>;
  readonly refusedAtScan: Record<string, number>;
  readonly violations: readonly string[];
}

const clockRate = 40;
const timeouts = { customerTimeoutSeconds: 60, baristaTimeoutSeconds: 100 };
/** A new folder after so many rounds, so that books stay short enough to read whole each time. */
const roundsPerFolder = 10;

export async function runRounds({ rounds, seed, report = () => {} }: RoundsOptions): Promise<RoundsResult> {
  const random = seeded(seed);
  const total = {
    acknowledged: 0,
    orders: 0,
    byState: {} as Record<string, number>,
    refusedAtScan: {} as Record<string, number>,
    violations: [] as string[],
  };
  for (let done = 0; done < rounds; done += roundsPerFolder) {
    const folder = temporaryFolder();
    const ledger = createLedger();
    let books: Books | undefined;
    for (let round = done; round < Math.min(done + roundsPerFolder, rounds); round++) {
      books = await runRound(folder.path, ledger, random);
      const found = [...ledger.findings.splice(0), ...findViolations(books, ledger.acknowledged, timeouts)];
      total.violations.push(...found.map((what) => `round ${round + 1}: ${what}`));
      report(
        `round ${round + 1} of ${rounds}: ${books.orders.length} orders in the books, ${ledger.acknowledged.length} acknowledgements, ${found.length} violations`,
      );
      for (const what of found.slice(0, 20)) report(`  ${what}`);
    }
    total.acknowledged += ledger.acknowledged.length;
    total.orders += books?.orders.length ?? 0;
    for (const { ORDERSTATE } of books?.orders ?? []) total.byState[ORDERSTATE] = (total.byState[ORDERSTATE] ?? 0) + 1;
    for (const [status, count] of ledger.refusedAtScan) total.refusedAtScan[status] = (total.refusedAtScan[status] ?? 0) + count;
    folder.remove();
  }
  return { rounds, ...total };
}

async function runRound(dataFolder: string, ledger: Ledger, random: () => number): Promise<Books> {
  const port = await freePort();
  const server = await startServer({ dataFolder, clockRate, port });
  const admin = await signInAdmin(server.url);
  await prepare(admin);
  const load = startLoad({ url: server.url, admin, ledger, random, guests: 12, baristas: 3 });
  await pause(300 + random() * 1200);
  await server.kill();
  await load.stop();

  const restarted = await startServer({ dataFolder, clockRate, port });
  await letFinish(restarted);
  await restarted.stop();
  return readBooks(dataFolder);
}

async function prepare(admin: Person): Promise<void> {
  const answers = [
    await admin.call("PUT", "/config", { ...timeouts, maxOrdersInQueue: 12, drinksPerBarcode: 60 }),
    await admin.call("PUT", "/store?state=open"),
  ];
  for (const { status, body } of answers)
    if (status !== 200) throw new Error(`preparing the shop answered ${status}: ${JSON.stringify(body)}`);
}

/** Nobody acts any more: every order that is open runs into its timeout. */
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
