/** `asl test`: which machine, which cases, what came of them. */

import { basename } from "node:path";
import { UsageError } from "@serverlesspresso/commands";
import { compile, DefinitionError, type Machine } from "@serverlesspresso/states-language";
import { createEvaluator } from "@serverlesspresso/states-language/evaluator";
import { type Call, parseJson } from "./arguments.ts";
import { differenceBetween } from "./difference.ts";
import { listOf, parseMockFile, type TestCase } from "./mock-file.ts";
import { placesOf } from "./places.ts";
import { textOfCase } from "./print-case.ts";
import { type CaseResult, runCase } from "./run-case.ts";
import { textsOf } from "./validate-command.ts";

interface Judged extends CaseResult {
  /** How the output differs from the one expected. */
  readonly difference?: string;
}

/** The exit status (A3). @throws {UsageError} */
export async function runTests(call: Call): Promise<number> {
  const machine = compileDefinition(call);
  const { machineName, cases } = chooseCases(call, machine);
  if (call.expected !== undefined && cases.length > 1)
    throw new UsageError("--expect is the output of one case, expected --case NAME with it");
  let nowMs = call.startMs;
  const evaluator = createEvaluator({ deadlineMs: 5_000, nowMs: () => nowMs });
  const onTime = (ms: number): void => void (nowMs = ms);
  try {
    const results: Judged[] = [];
    for (const testCase of cases) {
      const run = { machine, machineName, testCase, input: call.input, startMs: call.startMs, evaluator, onTime };
      results.push(judge(call, await runCase(run)));
    }
    print(call, machineName, results);
    return Math.max(...results.map(statusOf));
  } finally {
    await evaluator.close();
  }
}

function compileDefinition({ file, definitionText }: Call): Machine {
  try {
    return compile(parseJson(file, definitionText));
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new UsageError(`file "${file}" holds no valid definition:\n${textsOf(file, definitionText, error.diagnostics).join("\n")}`);
  }
}

function chooseCases(call: Call, machine: Machine): { readonly machineName: string; readonly cases: readonly (TestCase | undefined)[] } {
  const { mocksFile, mocksText, file } = call;
  if (mocksFile === undefined || mocksText === undefined) {
    if (call.testCase !== undefined || call.all)
      throw new UsageError("--case and --all choose cases of a mock file, expected --mocks FILE");
    return { machineName: call.machine ?? basename(file).split(".")[0] ?? "Machine", cases: [undefined] };
  }
  const { machines } = parseMockFile(parseJson(mocksFile, mocksText));
  const machineName = choose("machine", call.machine, [...machines.keys()], mocksFile);
  const all = machines.get(machineName) as readonly TestCase[];
  const testCase = call.all
    ? undefined
    : choose(
        "case",
        call.testCase,
        all.map(({ name }) => name),
        `machine "${machineName}"`,
      );
  const cases = all.filter(({ name }) => call.all || name === testCase);
  if (cases.length === 0) throw new UsageError(`machine "${machineName}" has no test cases, expected at least one`);
  for (const each of cases) checkStates(each, machine, file);
  return { machineName, cases };
}

function choose(what: "machine" | "case", named: string | undefined, there: readonly string[], where: string): string {
  const chosen = named ?? (there.length === 1 ? there[0] : undefined);
  if (chosen !== undefined && there.includes(chosen)) return chosen;
  if (chosen !== undefined) throw new UsageError(`--${what} is "${chosen}", expected one of ${where}: ${listOf(there)}`);
  const orAll = what === "case" ? " or --all" : "";
  throw new UsageError(`${where} has ${there.length} ${what}s, expected --${what} with one of ${listOf(there)}${orAll}`);
}

/** A mock for a state that is not there, or calls nothing, would never be used: most likely its name is misspelt. */
function checkStates({ name, mocks }: TestCase, machine: Machine, file: string): void {
  const places = placesOf(machine);
  const mockable = [...places].filter(([, { resource }]) => resource !== undefined).map(([state]) => state);
  for (const state of mocks.keys()) {
    if (mockable.includes(state)) continue;
    const has = places.has(state) ? `is a ${places.get(state)?.type} state that calls nothing` : `is not in "${file}"`;
    throw new UsageError(`case "${name}": state "${state}" ${has}, expected one of ${listOf(mockable)}`);
  }
}

function judge({ expected }: Call, result: CaseResult): Judged {
  if (expected === undefined || result.outcome.status !== "SUCCEEDED") return result;
  const difference = differenceBetween(expected, result.outcome.output);
  return difference === undefined ? result : { ...result, difference };
}

function statusOf({ outcome, problems, difference }: Judged): number {
  if (problems.length > 0) return 2;
  return outcome.status === "SUCCEEDED" && difference === undefined ? 0 : 1;
}

function print({ json, all }: Call, machineName: string, results: readonly Judged[]): void {
  if (json) {
    const told = results.map(({ testCase, outcome, ...rest }) => ({ machine: machineName, case: testCase, ...outcome, ...rest }));
    console.log(JSON.stringify(all ? told : told[0], null, 2));
    return;
  }
  const texts = results.map((result) => {
    const { difference } = result;
    return textOfCase(machineName, result) + (difference === undefined ? "" : `\n\nnot as expected: ${difference}`);
  });
  console.log(texts.join("\n\n"));
  if (all) console.log(`\n${results.filter((result) => statusOf(result) === 0).length} of ${results.length} cases succeeded`);
}
