/** `npm run --silent adapter -- asl|patterns|validation|teststate`: answers cases on standard input, a line each, in order. */
import { suites } from "./suites.ts";

const suite = suites.find(({ name }) => name === process.argv[2]);
if (suite === undefined) {
  console.error(`adapter: got "${process.argv[2] ?? ""}", expected one of ${suites.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
await import(suite.adapter);
