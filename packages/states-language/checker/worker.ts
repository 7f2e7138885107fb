/** Checks one definition at a time, in a thread that may be ended at any time. */
import { parentPort } from "node:worker_threads";
import { checkRequest, TestStateError } from "../src/test-state/request.ts";
import { diagnoseDefinitionText } from "../src/validation/diagnose.ts";
import { briefly } from "./brief.ts";
import type { Answer, AskedTest, Question } from "./protocol.ts";

parentPort?.on("message", (question: Question) => parentPort?.postMessage(answer(question)));

function answer(question: Question): Answer {
  const { id } = question;
  if (question.kind === "definition") return { id, kind: "found", diagnostics: briefly(diagnoseDefinitionText(question.text)) };
  try {
    checkRequest(JSON.parse(question.json) as AskedTest);
    return { id, kind: "refusal" };
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof TestStateError) return { id, kind: "refusal", refusal: { code: error.code, message } };
    return { id, kind: "refusal", refusal: { code: "InvalidDefinition", message: `The state cannot be checked: ${message}` } };
  }
}
