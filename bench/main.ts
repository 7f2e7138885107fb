/** `npm run bench` runs every benchmark, `npm run bench -- NAME [ARGUMENT ...]` one of them. Each prints one table, ratios first. */
const benchmarks: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<void> }>>> = {
  lifecycle: () => import("./lifecycle.ts"),
  states: () => import("./states.ts"),
  rules: () => import("./rules.ts"),
  lambda: () => import("./lambda.ts"),
  hostile: () => import("./hostile.ts"),
  days: () => import("./days.ts"),
};

const [name, ...args] = process.argv.slice(2);
if (name !== undefined && !Object.hasOwn(benchmarks, name)) {
  console.error(`there is no benchmark "${name}", expected one of ${Object.keys(benchmarks).join(", ")}`);
  process.exit(2);
}
for (const [each, load] of Object.entries(benchmarks)) {
  if (name === undefined || name === each) await (await load()).run(args);
}
