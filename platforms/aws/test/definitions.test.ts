/** The workflows' definitions by our own validation and by AWS's editor service. The validator that needs `jsonpath-plus` is left out for its advisories. */
import { blueprint, fillDefinition, type WorkflowBlueprint } from "@serverlesspresso/blueprint";
import { type Diagnostic, validateDefinition } from "@serverlesspresso/states-language";
import service from "amazon-states-language-service";
import { expect, test } from "vitest";
import { plainArns } from "../src/checks/plain-arns.ts";
import { workflowCalls } from "../src/constructs/workflow-calls.ts";
import { readDefinition } from "../src/constructs/workflows.ts";

const texts = new Map(blueprint.workflows.map((workflow) => [workflow.name, fill(workflow)]));
const names = [...texts.keys()];

function fill(workflow: WorkflowBlueprint, text = readDefinition(workflow)): string {
  const filled = fillDefinition(workflow, text, ({ kind, name }) =>
    kind === "function" || kind === "workflow" ? plainArns[kind](name) : name,
  );
  return JSON.stringify(filled, null, 2);
}

async function diagnosticsOf(text: string): Promise<string[]> {
  const document = service.TextDocument.create("file:///definition.asl.json", "asl", 1, text);
  const language = service.getLanguageService({});
  const found = await language.doValidation(document, language.parseJSONDocument(document));
  return found.map(({ message, range }) => `${range.start.line}: ${message}`);
}

const errorsOf = (definition: unknown): readonly Diagnostic[] =>
  validateDefinition(definition as never).filter(({ severity }) => severity !== "WARNING");

test.each(names)("%s: the engine's own validation", (name) => {
  expect(errorsOf(JSON.parse(texts.get(name) as string))).toEqual([]);
});
test.each(names)("%s: AWS's editor service", async (name) => expect(await diagnosticsOf(texts.get(name) as string)).toEqual([]));

/** A fault put into the order processor, and who sees it. */
const slips = [
  { name: "a state that leads nowhere", from: '"Next": "Shop Open?"', to: '"Next": "Shop open?"', seenBy: "all" },
  { name: "a path that is none", from: '"ResultPath": "$.GetStore"', to: '"ResultPath": "GetStore"', seenBy: "us" },
  { name: "a field with a slip of the pen", from: '"ResultPath": "$.GetStore"', to: '"ResultPaht": "$.GetStore"', seenBy: "us" },
] as const;

test.each(slips)("$name is seen", async ({ from, to, seenBy }) => {
  const [processor] = blueprint.workflows;
  const text = JSON.stringify(JSON.parse(readDefinition(processor as WorkflowBlueprint)), null, 2);
  expect(text).toContain(from);
  const wrong = fill(processor as WorkflowBlueprint, text.replace(from, to));
  if (seenBy === "all") expect(await diagnosticsOf(wrong)).not.toEqual([]);
  expect(errorsOf(JSON.parse(wrong))).not.toEqual([]);
});

test("a call that no rights are known for stops the synthesis", () => {
  const definition = { StartAt: "A", States: { A: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", End: true } } };
  expect(() => workflowCalls(definition)).toThrow('state "A": no rights are known for "arn:aws:states:::sqs:sendMessage"');
});

const reference = "$" + "{T}";

test("rights of calls inside branches and maps count too", () => {
  const task = { Type: "Task", Resource: "arn:aws:states:::dynamodb:putItem", Parameters: { TableName: reference }, End: true };
  const inner = { StartAt: "I", States: { I: task } };
  const definition = {
    StartAt: "P",
    States: { P: { Type: "Parallel", Branches: [inner], End: true }, M: { Type: "Map", ItemProcessor: inner, End: true } },
  };
  expect(workflowCalls(definition).map(({ action, resource }) => `${action} ${resource}`)).toEqual([
    `dynamodb:PutItem ${reference}`,
    `dynamodb:PutItem ${reference}`,
  ]);
});
