/** Collects the findings of a validation. */
import type { Diagnostic } from "../errors.ts";

/** The query language of the state under check. */
export type Language = "JSONPath" | "JSONata";

/** The findings so far, and what checks of one definition share: the names of states and the labels of Maps seen. */
export interface Report {
  readonly diagnostics: Diagnostic[];
  readonly names: Set<string>;
  readonly labels: Set<string>;
  /** The number of characters in paths and intrinsic functions of the payload templates of the state under check. */
  pathCharacters: number;
}

/** Creates an empty report. */
export function createReport(): Report {
  return { diagnostics: [], names: new Set(), labels: new Set(), pathCharacters: 0 };
}

/** Adds an error with AWS's most frequent code, `SCHEMA_VALIDATION_FAILED`. */
export function schema(report: Report, message: string, location?: string): void {
  add(report, "SCHEMA_VALIDATION_FAILED", message, location);
}

/** Adds a finding. `location` is the path of the field, for example `/States/Brew/Retry[0]`. */
export function add(report: Report, code: string, message: string, location?: string, severity: Diagnostic["severity"] = "ERROR"): void {
  report.diagnostics.push({ severity, code, message, ...(location !== undefined && { location }) });
}
