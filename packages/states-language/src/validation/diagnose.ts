import type { JsonValue } from "@serverlesspresso/ports";
import { compileWhole } from "../compile.ts";
import { DefinitionError, type Diagnostic } from "../errors.ts";
import { validateDefinitionText } from "./validate.ts";

/** Returns all findings about a definition; at least one error if it cannot run, also where no message of AWS is known. Never throws. */
export function diagnoseDefinitionText(definitionText: string): readonly Diagnostic[] {
  try {
    const found = validateDefinitionText(definitionText);
    if (!found.some(({ severity }) => severity === "ERROR")) compileWhole(JSON.parse(definitionText) as JsonValue);
    return found;
  } catch (error) {
    if (error instanceof DefinitionError) return error.diagnostics;
    const message = error instanceof RangeError ? "The definition is nested too deeply." : (error as Error).message;
    return [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message }];
  }
}
