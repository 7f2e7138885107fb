/** `asl validate`: the findings about a definition, as ValidateStateMachineDefinition gives them. */
import { type Diagnostic, validateDefinitionText } from "@serverlesspresso/states-language";
import { checkQuery } from "@serverlesspresso/states-language/evaluator";
import type { Call } from "./arguments.ts";
import { parseJson } from "./arguments.ts";

/** The exit status: 1 where there is an error; warnings alone are none. */
export async function runValidation({ file, definitionText, json }: Call): Promise<number> {
  if (definitionText.trim() !== "") parseJson(file, definitionText);
  const found = validateDefinitionText(definitionText, { checkQuery });
  const errors = found.filter(({ severity }) => severity === "ERROR");
  if (json) console.log(JSON.stringify({ result: errors.length === 0 ? "OK" : "FAIL", diagnostics: found }, null, 2));
  else
    console.log([...found.map(textOfDiagnostic), `${file}: ${errors.length} errors, ${found.length - errors.length} warnings`].join("\n"));
  return errors.length === 0 ? 0 : 1;
}

export function textOfDiagnostic({ severity, code, message, location }: Diagnostic): string {
  return `${severity} ${code}${location === undefined ? "" : ` at ${location}`}: ${message}`;
}
