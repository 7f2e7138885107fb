/** Solves cases of the definition-validation suite by the local platform's own operations: accepted, or refused with AWS's code and message. */
import { createInterface } from "node:readline";
import type { JsonObject } from "@serverlesspresso/ports";
import { openLocalServices } from "./local-services.ts";

interface ValidationCase {
  readonly operation: string;
  readonly definitionText: string;
  readonly type?: string;
}

const services = await openLocalServices();
let cases = 0;
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as ValidationCase))}\n`);
}
await services.close();

async function answer({ operation, definitionText, type = "STANDARD" }: ValidationCase): Promise<JsonObject> {
  const isCreation = operation === "CreateStateMachine";
  const request = { definition: definitionText, type, ...(isCreation && { name: `Case${++cases}` }) };
  const told = await services.call("AWSStepFunctions", isCreation ? operation : "ValidateStateMachineDefinition", request);
  if ("refusal" in told) return { valid: false, ...told.refusal };
  const { result = "OK", diagnostics = [] } = told.answer;
  if (result === "OK") return { valid: true };
  const [{ code, message }] = diagnostics as [{ readonly code: string; readonly message: string }];
  return { valid: false, code, message };
}
