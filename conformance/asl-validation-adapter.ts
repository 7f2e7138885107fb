/** Answers cases of the definition-validation suite: accepted, or refused with AWS's code and message. */
import { createInterface } from "node:readline";
import type { JsonObject } from "@serverlesspresso/ports";
import { DefinitionError, validateDefinitionText } from "@serverlesspresso/states-language";
import { checkQuery } from "@serverlesspresso/states-language/evaluator";

interface ValidationCase {
  readonly operation: string;
  readonly definitionText: string;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as ValidationCase))}\n`);
}

function answer({ operation, definitionText }: ValidationCase): JsonObject {
  const errors = validateDefinitionText(definitionText, { checkQuery }).filter(({ severity }) => severity === "ERROR");
  const [first] = errors;
  if (!first) return { valid: true };
  if (operation !== "CreateStateMachine") return { valid: false, code: first.code, message: first.message };
  const { code, message } = new DefinitionError(errors);
  return { valid: false, code, message };
}
