/** `asl validate`: the findings about a definition, as ValidateStateMachineDefinition gives them, each with the line it is about. */
import { type Diagnostic, validateDefinitionText } from "@serverlesspresso/states-language";
import { type Call, parseJson } from "./arguments.ts";
import { lineOf, readLines } from "./line-of.ts";

/** Returns the exit status: 1 with an error, 0 with warnings alone. @throws {UsageError} if the file is no JSON */
export async function runValidation({ file, definitionText, json }: Call): Promise<number> {
  if (definitionText.trim() !== "") parseJson(file, definitionText);
  const found = validateDefinitionText(definitionText);
  const errors = found.filter(({ severity }) => severity === "ERROR");
  const warnings = found.length - errors.length;
  if (json) console.log(JSON.stringify({ result: errors.length === 0 ? "OK" : "FAIL", diagnostics: found }, null, 2));
  else
    console.log(
      [...textsOf(file, definitionText, found), `${file}: ${counted(errors.length, "error")}, ${counted(warnings, "warning")}`].join("\n"),
    );
  return errors.length === 0 ? 0 : 1;
}

/** `FILE:LINE: ERROR CODE at LOCATION: MESSAGE`, a line each. */
export function textsOf(file: string, text: string, diagnostics: readonly Diagnostic[]): string[] {
  const lines = readLines(text);
  return diagnostics.map(({ severity, code, message, location = "" }) => {
    const place = location === "" ? "" : ` at ${location}`;
    return `${file}:${lineOf(lines, location)}: ${severity} ${code}${place}: ${message}`;
  });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
