/**
 * `LEVELS SECONDS`: measures the same lifecycle on Restate and prints what came of it, one JSON text.
 *
 * Its server beside, its service in our process, as our engine is, with the server's own
 * defaults, which sync every write to disk. Each of our steps is one durable step of Restate's: the config read and the
 * events are `run`, the waits are awakeables. The number is a `run` too, counted in memory: drawing it from the state of one
 * virtual object, which alone would survive a crash, is slower still, and this shall be Restate at its best.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Measured, measure } from "../measure.ts";
import { installRestate, type Restate, type RestateContext } from "./restate-install.ts";
import { drinkOrder, verdict } from "./system.ts";

const ports = { ingress: 18_080, admin: 19_070, node: 15_122, service: 19_080 };
const ingress = `http://127.0.0.1:${ports.ingress}`;

async function measureRestate(levels: readonly number[], seconds: number): Promise<Measured[] | string> {
  const restate = await installRestate();
  if (typeof restate === "string") return restate;
  const folder = mkdtempSync(join(tmpdir(), "bench-restate-"));
  const server = startServer(restate, folder);
  try {
    const waits = await serve(restate);
    await register();
    const results: Measured[] = [];
    for (const level of levels) {
      let orders = 0;
      results.push(await measure(level, seconds, (report) => lifecycle(waits, `o-${level}-${++orders}`, report)));
    }
    return results;
  } catch (error) {
    return `skipped, it failed: ${(error as Error).message}`;
  } finally {
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

function startServer({ server }: Restate, folder: string): ChildProcess {
  return spawn(server, ["--base-dir", folder, "--node-name", "bench"], {
    stdio: "ignore",
    env: {
      ...process.env,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ports.ingress}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${ports.admin}`,
      RESTATE_BIND_ADDRESS: `127.0.0.1:${ports.node}`,
      RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${ports.node}`,
      RESTATE_DISABLE_TELEMETRY: "true",
      RESTATE_LOG_FILTER: "error",
      DO_NOT_TRACK: "1",
    },
  });
}

/** What a lifecycle's driver waits for: each call of `next` resolves when the execution's next step is there. */
interface Waits {
  next(orderId: string): Promise<string>;
}

async function serve({ sdk }: Restate): Promise<Waits> {
  const reached = new Map<string, (id: string) => void>();
  const tell = (orderId: string, id: string): void => {
    reached.get(orderId)?.(id);
    reached.delete(orderId);
  };
  let drawn = 0;
  const wait = async (context: RestateContext, orderId: string): Promise<unknown> => {
    const { id, promise } = context.awakeable<unknown>();
    await context.run("event", () => tell(orderId, id));
    return promise;
  };
  const processor = sdk.service({
    name: "OrderProcessor",
    handlers: {
      run: async (context, { orderId }: { orderId: string }) => {
        const config = await context.run("config", () => ({ storeOpen: true, maxOrdersInQueue: 20, maxOrdersPerUser: 1 }));
        const drink = await wait(context, orderId);
        const orderNumber = await context.run("number", () => ++drawn);
        const verdict = await wait(context, orderId);
        await context.run("event", () => tell(orderId, "finished"));
        return { config, drink, orderNumber, verdict };
      },
    },
  });
  await sdk.serve({ services: [processor], port: ports.service, logger: () => {} });
  return { next: (orderId) => new Promise((resolve) => reached.set(orderId, resolve)) };
}

async function register(): Promise<void> {
  const body = JSON.stringify({ uri: `http://127.0.0.1:${ports.service}` });
  const headers = { "content-type": "application/json" };
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${ports.admin}/deployments`, { method: "POST", headers, body }).catch(() => undefined);
    if (answer?.ok) return;
    if (attempt > 120) throw new Error(`its server did not come up: ${answer?.status ?? "no answer"}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function lifecycle(waits: Waits, orderId: string, report: (ms: number) => void): Promise<void> {
  const first = waits.next(orderId);
  const input = { orderId, userId: "user-7f3a", Message: "A guest has a place.", bucket: { start: 1, end: 2 } };
  await post("/OrderProcessor/run/send", input);
  const second = await answer(waits, orderId, await first, drinkOrder, report);
  await answer(waits, orderId, second, verdict, report);
}

async function answer(waits: Waits, orderId: string, id: string, output: unknown, report: (ms: number) => void): Promise<string> {
  const begun = performance.now();
  const next = waits.next(orderId);
  await post(`/restate/awakeables/${id}/resolve`, output);
  const reached = await next;
  report(performance.now() - begun);
  return reached;
}

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(ingress + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
}

const [levels = "1", seconds = "2"] = process.argv.slice(2);
const result = await measureRestate(levels.split(",").map(Number), Number(seconds));
// The SDK keeps its port open; writing first, as a pipe may take several turns.
process.stdout.write(JSON.stringify(result), () => process.exit());
