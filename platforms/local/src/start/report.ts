import type { Logs } from "@serverlesspresso/logs";

/** Takes what went wrong beside the answers. */
export type Report = (error: unknown, what: string) => void;

/** A report and its log. */
export interface Reporting {
  readonly report: Report;
  /** From here on a report goes into the log too. */
  connect(logs: Pick<Logs, "append">): void;
}

const group = "/serverlesspresso/errors";

/** Returns a report that calls `onError`, and writes to the log once that is connected: a fault of the start itself has no log yet. */
export function createReporting(onError: Report): Reporting {
  let log: Pick<Logs, "append"> | undefined;
  return {
    report(error, what) {
      onError(error, what);
      log?.append(group, `${what}: ${error instanceof Error ? error.stack : String(error)}`);
    },
    connect(logs) {
      log = logs;
    },
  };
}
