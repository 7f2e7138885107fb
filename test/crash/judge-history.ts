/**
 * I10. A history is a way through the workflow's own definition, without gaps, and ends as its execution did.
 *
 * Each state is left before the next is entered, each next is one that the definition names, and a task that was scheduled ends once.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionRecord, HistoryEntry } from "./books.ts";

interface State {
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
}
const { StartAt, States } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../blueprint/workflows/order-processor.asl.json"), "utf8"),
) as { readonly StartAt: string; readonly States: Readonly<Record<string, State>> };

/** What is wrong with the history, in words. */
export function historyViolations({ name, status, events }: ExecutionRecord): string[] {
  const problem = gap(events) ?? wrongStep(events) ?? openTask(events) ?? wrongEnd(status, events);
  return problem === undefined ? [] : [`I10: the history of ${name} ${problem}`];
}

function gap(events: readonly HistoryEntry[]): string | undefined {
  if (events[0]?.type !== "ExecutionStarted") return `begins with ${events[0]?.type ?? "nothing"}`;
  const back = events.findIndex(({ atMs }, index) => index > 0 && atMs < (events[index - 1]?.atMs ?? 0));
  return back === -1 ? undefined : `goes back in time at event ${back + 1}`;
}

function wrongStep(events: readonly HistoryEntry[]): string | undefined {
  let inside: string | undefined;
  let next: readonly string[] = [StartAt];
  for (const { type, state } of events) {
    if (state === undefined) continue;
    if (type.endsWith("StateEntered")) {
      if (inside !== undefined) return `enters ${state} while in ${inside}`;
      if (!next.includes(state)) return `enters ${state}, expected ${next.join(" or ")}`;
      inside = state;
    } else {
      if (inside !== state) return `leaves ${state} while in ${inside ?? "none"}`;
      inside = undefined;
      next = after(States[state] ?? {});
    }
  }
  return inside === undefined || next.length === 0 ? undefined : `never leaves ${inside}`;
}

function after({ Next, Default, Choices = [], Catch = [] }: State): string[] {
  return [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((catcher) => catcher.Next)].filter(
    (name) => name !== undefined,
  );
}

function openTask(events: readonly HistoryEntry[]): string | undefined {
  let open = 0;
  for (const { type } of events) {
    if (type === "TaskScheduled") open++;
    if (["TaskSucceeded", "TaskFailed", "TaskTimedOut"].includes(type)) open--;
    if (open < 0 || open > 1) return `has ${type} ${open < 0 ? "without a task" : "beside another task"}`;
  }
  return open === 0 ? undefined : "ends with a task under way";
}

function wrongEnd(status: string, events: readonly HistoryEntry[]): string | undefined {
  const last = events.at(-1)?.type;
  return status === "SUCCEEDED" && last !== "ExecutionSucceeded" ? `ends with ${last}` : undefined;
}
