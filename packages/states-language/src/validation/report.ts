/** Where findings go, and what a check may know of the place it looks at. */
import type { Diagnostic } from "../errors.ts";

export type Language = "JSONPath" | "JSONata";

/** A finding of a JSONata expression that needs a parser: a syntax error, a name AWS does not offer. */
export interface QueryProblem {
  readonly code: "INVALID_JSONATA_EXPRESSION" | "UNSUPPORTED_JSONATA_EXPRESSION";
  readonly message: string;
}

export interface ValidationOptions {
  /** Parses a JSONata expression (without `{% %}`). Left out, expressions are taken as they are. */
  checkQuery?(expression: string, inCatch: boolean): readonly QueryProblem[];
}

export interface Report {
  readonly options: ValidationOptions;
  readonly diagnostics: Diagnostic[];
  readonly names: Set<string>;
  readonly labels: Set<string>;
}

export function createReport(options: ValidationOptions): Report {
  return { options, diagnostics: [], names: new Set(), labels: new Set() };
}

/** Adds a finding of AWS's commonest kind. */
export function schema(report: Report, message: string, location?: string): void {
  add(report, "SCHEMA_VALIDATION_FAILED", message, location);
}

export function add(report: Report, code: string, message: string, location?: string, severity: Diagnostic["severity"] = "ERROR"): void {
  report.diagnostics.push({ severity, code, message, ...(location !== undefined && { location }) });
}
