/** A case's result as text: the path, then how it ended. Long values are shortened; `--json` has them whole. */
import type { JsonValue } from "@serverlesspresso/ports";
import type { Attempt, Failure, Step } from "./path.ts";
import type { CaseResult } from "./run-case.ts";

const longest = 160;
const underState = "            ";

export function textOfCase(machineName: string, result: CaseResult): string {
  const { testCase, path, problems, seconds } = result;
  const title = testCase === undefined ? machineName : `${machineName}, case ${testCase}`;
  const hidden = callsWithoutSteps(result);
  return [
    title,
    "",
    ...linesOf(path, ""),
    ...(hidden.length > 0 ? ["", "Within distributed Maps:", ...hidden] : []),
    "",
    ...endingOf(result, `after ${durationOf(seconds)}`),
    ...problems.map((problem) => `\nwrong mocks: ${problem}`),
  ].join("\n");
}

function linesOf(steps: readonly Step[], indent: string): string[] {
  return steps.flatMap((step) => {
    const caught = step.output !== undefined && (step.failure ?? step.attempts.at(-1)?.failure) !== undefined;
    const lines = [
      ...step.attempts.flatMap((attempt, i) => attemptLines(attempt, i, step.attempts[i - 1])),
      ...(step.failure ? [failureText(step.failure)] : []),
      ...(step.aborted ? ["aborted"] : []),
      ...(caught ? ["caught"] : []),
    ];
    return [`${clock(step.atSeconds)}  ${step.state} (${step.type})`, ...lines.map((line) => underState + line)].map(
      (line) => indent + line,
    );
  });
}

function attemptLines(attempt: Attempt, number: number, before: Attempt | undefined): string[] {
  const { resource, parameters, result, failure, children = [] } = attempt;
  // A retry's token differs, far in; what would be shown is mostly the same.
  const isShown = before !== undefined && short(before.parameters ?? null) === short(parameters ?? null);
  return [
    ...(before ? [`retry ${number} at ${clock(attempt.atSeconds)}`] : []),
    ...(resource === undefined || isShown ? [] : [`calls ${resource} with ${short(parameters ?? null)}`]),
    ...children.flatMap(({ index, steps }) => [`[${index}]`, ...linesOf(steps, "  ")]),
    ...(result === undefined ? [] : [`gets ${short(result)}`]),
    ...(failure ? [failureText(failure)] : []),
  ];
}

function failureText({ error, cause }: Failure): string {
  if (error === "" && cause === undefined) return "fails";
  return `fails with ${error === "" ? "no error name" : error}${cause === undefined ? "" : `: ${clip(cause)}`}`;
}

function endingOf({ outcome }: CaseResult, after: string): string[] {
  if (outcome.status === "SUCCEEDED") return [`SUCCEEDED ${after}`, JSON.stringify(outcome.output, null, 2)];
  if (outcome.status === "RUNNING") return [`RUNNING ${after}: it waits, and nothing is left that could go on`];
  const { status, error, cause } = outcome;
  return [`${status} ${after}${error === undefined ? "" : `: ${error}`}`, ...(cause === undefined ? [] : [cause])];
}

/** Calls of states that the path does not show. */
function callsWithoutSteps({ calls, path }: CaseResult): string[] {
  const shown = new Set(statesOf(path));
  return calls
    .filter(({ state }) => !shown.has(state))
    .map(({ state, number, parameters, response }) => {
      const got =
        response?.kind === "return" ? `gets ${short(response.value)}` : response?.kind === "throw" ? `fails with ${response.error}` : "";
      return `  ${state} [${number}] with ${short(parameters)} ${got}`.trimEnd();
    });
}

function statesOf(steps: readonly Step[]): string[] {
  const inner = steps.flatMap(({ attempts }) =>
    attempts.flatMap(({ children = [] }) => children.flatMap((child) => statesOf(child.steps))),
  );
  return [...steps.map(({ state }) => state), ...inner];
}

function short(value: JsonValue): string {
  return clip(JSON.stringify(value));
}

function clip(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

function clock(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const rest = Number((seconds % 60).toFixed(3));
  const pad = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
  return `${pad(hours)}:${pad(minutes)}:${pad(rest)}`;
}

function durationOf(seconds: number): string {
  return `${Number(seconds.toFixed(3)).toLocaleString("en-US")} s`;
}
