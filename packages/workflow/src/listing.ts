import { type KeyRange, keyOf, type ReadView } from "@serverlesspresso/store";
import type { Found } from "./executions.ts";
import { keys } from "./keys.ts";
import type { ClosedRecord, RunningRecord } from "./records.ts";

const pageOfRecords = 200;

/** A machine's executions, the newest start first; with `RUNNING`, exactly those that run at this instant. `beforeMs` is exclusive. */
export function listExecutions(
  view: ReadView,
  machine: string,
  options: { readonly limit: number; readonly status?: string; readonly beforeMs?: number },
): Found[] {
  const { limit, status, beforeMs } = options;
  const upTo = (kind: string, range: KeyRange): KeyRange =>
    beforeMs === undefined ? range : { ...range, end: keyOf(kind, machine, beforeMs) };
  const running =
    status === undefined || status === "RUNNING"
      ? view
          .scan<RunningRecord>(upTo("xr", keys.runningOf(machine)), { reverse: true, limit: limit })
          .filter(([, record]) => record.express === undefined)
          .map(([key, record]): Found => ({ id: keys.idOf(key), machine, running: record }))
      : [];
  const closed = status === "RUNNING" ? [] : listClosed(view, machine, upTo("xc", keys.closedOf(machine)), limit, status);
  return [...running, ...closed].sort((one, other) => startOf(other) - startOf(one)).slice(0, limit);
}

function listClosed(view: ReadView, machine: string, whole: KeyRange, limit: number, status: string | undefined): Found[] {
  const found: Found[] = [];
  for (let range = whole; ; ) {
    const page = view.scan<ClosedRecord>(range, { reverse: true, limit: pageOfRecords });
    for (const [key, record] of page) {
      if (status !== undefined && record.status !== status) continue;
      found.push({ id: keys.idOf(key), machine, closed: record });
      if (found.length >= limit) return found;
    }
    const last = page.at(-1)?.[0];
    if (page.length < pageOfRecords || last === undefined) return found;
    range = { ...range, end: last };
  }
}

function startOf({ id, machine }: Found): number {
  return Number(id.slice(machine.length + 1));
}
