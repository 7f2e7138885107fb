import { Agent, request } from "node:http";
import { setTimeout as passed } from "node:timers/promises";
import { percentile } from "../measure.ts";

const everyMs = 20;

/** What an ordinary client met. */
export interface Probed {
  readonly p50: number;
  readonly p99: number;
  /** Calls that were answered by anything but 200. */
  readonly failed: number;
}

/** Asks the same every 20 ms over connections that are kept, whether or not the last answer has come, until `until` resolves. */
export async function probeUntil(until: Promise<unknown>, url: string, token: string): Promise<Probed> {
  const agent = new Agent({ keepAlive: true });
  const latencies: number[] = [];
  const asked: Promise<void>[] = [];
  let failed = 0;
  let isOver = false;
  const over = (): void => void (isOver = true);
  until.then(over, over);
  while (!isOver) {
    const from = performance.now();
    const done = ask(agent, url, token).then(
      () => void latencies.push(performance.now() - from),
      () => void (failed += 1),
    );
    asked.push(done);
    await passed(everyMs);
  }
  await Promise.all(asked);
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), failed };
}

function ask(agent: Agent, url: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, headers: { authorization: `Bearer ${token}` }, timeout: 15_000 }, (response) => {
      response.resume();
      response.on("end", () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`))));
    });
    call.on("error", reject).on("timeout", () => call.destroy(new Error("no answer")));
    call.end();
  });
}
