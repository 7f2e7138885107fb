/** Where findings go, and what a check may know of the place it looks at. */
import type { Diagnostic } from "../errors.ts";

export type Language = "JSONPath" | "JSONata";

export interface Report {
  readonly diagnostics: Diagnostic[];
  readonly names: Set<string>;
  readonly labels: Set<string>;
  /** Of the paths and intrinsic functions in the payload templates of the state that is looked at. */
  pathCharacters: number;
}

export function createReport(): Report {
  return { diagnostics: [], names: new Set(), labels: new Set(), pathCharacters: 0 };
}

/** Adds a finding of AWS's commonest kind. */
export function schema(report: Report, message: string, location?: string): void {
  add(report, "SCHEMA_VALIDATION_FAILED", message, location);
}

export function add(report: Report, code: string, message: string, location?: string, severity: Diagnostic["severity"] = "ERROR"): void {
  report.diagnostics.push({ severity, code, message, ...(location !== undefined && { location }) });
}
