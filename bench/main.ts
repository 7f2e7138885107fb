/** `npm run bench` runs every benchmark, `npm run bench -- NAME [ARGUMENT ...]` one of them. Each prints one table, ratios first. */
import { type Benchmark, bench, benchmarks, runCommand } from "@serverlesspresso/commands";
import type { BenchOptions } from "./measure.ts";

const programs: Readonly<Record<Benchmark, () => Promise<{ run(options: BenchOptions): Promise<void> }>>> = {
  lifecycle: () => import("./lifecycle.ts"),
  orders: () => import("./orders.ts"),
  states: () => import("./states.ts"),
  events: () => import("./events.ts"),
  rules: () => import("./rules.ts"),
  wire: () => import("./wire.ts"),
  lambda: () => import("./lambda.ts"),
  feed: () => import("./feed.ts"),
  start: () => import("./start.ts"),
  hostile: () => import("./hostile.ts"),
  bytes: () => import("./bytes.ts"),
  days: () => import("./days.ts"),
  phones: () => import("./phones.ts"),
};

await runCommand(bench, async ({ values }) => {
  const names = values.name === undefined ? (Object.keys(programs) as Benchmark[]) : [values.name];
  console.error(names.map((name) => `${name}: ${benchmarks[name].measures}; about ${benchmarks[name].takes}`).join("\n"));
  for (const name of names) await (await programs[name]()).run(values);
});
