/** JSONata in a definition is read where the definition comes in, by each operation that takes one. */
import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  SFNClient,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
let stateMachineArn: string;
const roleArn = `arn:aws:iam::${account}:role/any`;
const definitionOf = (members: object): string =>
  JSON.stringify({ QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Pass", ...members, End: true } } });
const good = definitionOf({ Output: "{% $states.input %}" });

beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient(bar.client);
  ({ stateMachineArn = "" } = await states.send(new CreateStateMachineCommand({ name: "door", roleArn, definition: good })));
});
afterAll(() => bar.close());

test.each([
  { expression: "{% 1 + %}", code: "INVALID_JSONATA_EXPRESSION" },
  { expression: "{% phone %}", code: "UNSUPPORTED_JSONATA_EXPRESSION" },
  { expression: "{% $$ %}", code: "UNSUPPORTED_JSONATA_EXPRESSION" },
  { expression: "{% $states.errorOutput %}", code: "UNSUPPORTED_JSONATA_EXPRESSION" },
])(
  "$expression is refused by Create-, Update- and ValidateStateMachineDefinition, and nothing is changed",
  async ({ expression, code }) => {
    const definition = definitionOf({ Output: { deep: [expression] } });
    const refusal = { name: "InvalidDefinition", message: expect.stringContaining(code) };
    await expect(states.send(new CreateStateMachineCommand({ name: "other", roleArn, definition }))).rejects.toMatchObject(refusal);
    await expect(states.send(new UpdateStateMachineCommand({ stateMachineArn, definition }))).rejects.toMatchObject(refusal);
    expect((await states.send(new DescribeStateMachineCommand({ stateMachineArn }))).definition).toBe(good);
    const { result, diagnostics = [] } = await states.send(new ValidateStateMachineDefinitionCommand({ definition }));
    expect([result, diagnostics.map((one) => one.code)]).toEqual(["FAIL", [code]]);
  },
);

test("errorOutput is there in a Catch, and nowhere before it", async () => {
  const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Arguments: { FunctionName: "f" } };
  const caught = { ErrorEquals: ["States.ALL"], Next: "B", Output: "{% $states.errorOutput %}" };
  const definition = JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: "A",
    States: { A: { ...task, Catch: [caught], End: true }, B: { Type: "Succeed" } },
  });
  expect((await states.send(new ValidateStateMachineDefinitionCommand({ definition }))).result).toBe("OK");
});
