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

/** Returns a report that tells `onError`: alone until there is a log, so that a fault of the start itself is told as well. */
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
