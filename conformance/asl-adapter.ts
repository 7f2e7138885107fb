/**
 * Solves cases of the States Language suite, one JSON object a line: runs the definition against mocks on a virtual clock.
 * A request has `definition` and `input`; `mocks` and `s3` say what the outside world does.
 */
import { createInterface } from "node:readline";
import { createEvaluator } from "@serverlesspresso/states-language/evaluator";
import { type AslCase, runCase } from "./asl-run.ts";

const evaluator = createEvaluator({ deadlineMs: 5_000 });
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue;
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
await evaluator.close();

async function answer(line: string): Promise<unknown> {
  try {
    return await runCase(JSON.parse(line) as AslCase, evaluator);
  } catch (error) {
    return { unsupported: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
