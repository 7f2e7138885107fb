/** Step Functions' contract. */
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
  TestStateCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "vitest";
import { account, region } from "../../test/aws/support.ts";
import { eventually } from "../../test/support/api.ts";
import { describeContract, type Place } from "./contract.ts";

/** What the suite needs. */
export interface StatesTools {
  readonly states: SFNClient;
  nowMs(): number;
}

/** At any endpoint that speaks its protocol. */
export function describeStatesContract(place: Place<StatesTools>): void {
  describeContract("states", place, ({ before, check }) => {
    let states: StatesTools["states"];
    let nowMs: StatesTools["nowMs"];
    before(async (tools) => {
      ({ states, nowMs } = tools);
    });

    const roleArn = `arn:aws:iam::${account}:role/any`;
    const waiting = JSON.stringify({
      StartAt: "Ask",
      States: {
        Ask: {
          Type: "Task",
          Resource: "arn:aws:states:::events:putEvents.waitForTaskToken",
          Parameters: {
            Entries: [
              { Source: "test", DetailType: "Asked", EventBusName: "Serverlesspresso", Detail: { "TaskToken.$": "$$.Task.Token" } },
            ],
          },
          Next: "Done",
        },
        Done: { Type: "Succeed" },
      },
    });

    /** Starts an execution that waits, and takes its task token from the history. */
    async function startWaiting(name: string, stateMachineArn: string): Promise<{ executionArn: string; taskToken: string }> {
      const { executionArn = "" } = await states.send(new StartExecutionCommand({ stateMachineArn, name, input: '{"a":1}' }));
      const taskToken = await eventually("a task token in the history", async () => {
        const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
        const parameters = events.find(({ type }) => type === "TaskScheduled")?.taskScheduledEventDetails?.parameters;
        return parameters === undefined
          ? undefined
          : (JSON.parse(parameters) as { Entries: { Detail: { TaskToken: string } }[] }).Entries[0]?.Detail.TaskToken;
      });
      return { executionArn, taskToken };
    }

    const statusOf = async (executionArn: string): Promise<string | undefined> =>
      (await states.send(new DescribeExecutionCommand({ executionArn }))).status;

    check("a state machine from creation to deletion, its executions resumed by their task tokens", async () => {
      const { stateMachineArn = "", creationDate } = await states.send(
        new CreateStateMachineCommand({ name: "Mine", definition: waiting, roleArn }),
      );
      expect(stateMachineArn).toBe(`arn:aws:states:${region}:${account}:stateMachine:Mine`);
      expect(creationDate).toEqual(new Date(nowMs()));

      const first = await startWaiting("first", stateMachineArn);
      await states.send(new SendTaskHeartbeatCommand({ taskToken: first.taskToken }));
      await states.send(new SendTaskSuccessCommand({ taskToken: first.taskToken, output: '{"paid":true}' }));
      expect(await states.send(new DescribeExecutionCommand({ executionArn: first.executionArn }))).toMatchObject({
        status: "SUCCEEDED",
        input: '{"a":1}',
        output: '{"paid":true}',
        stateMachineArn,
      });
      const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn: first.executionArn, reverseOrder: true }));
      expect(events.map(({ type }) => type).slice(0, 4)).toEqual([
        "ExecutionSucceeded",
        "SucceedStateExited",
        "SucceedStateEntered",
        "TaskStateExited",
      ]);
      expect(events[0]?.timestamp).toEqual(new Date(nowMs()));

      const second = await startWaiting("second", stateMachineArn);
      await states.send(new SendTaskFailureCommand({ taskToken: second.taskToken, error: "No.Milk", cause: "none left" }));
      expect(await states.send(new DescribeExecutionCommand({ executionArn: second.executionArn }))).toMatchObject({
        status: "FAILED",
        error: "No.Milk",
        cause: "none left",
      });

      const third = await startWaiting("third", stateMachineArn);
      await states.send(new StopExecutionCommand({ executionArn: third.executionArn, error: "Enough", cause: "closing" }));
      expect(await statusOf(third.executionArn)).toBe("ABORTED");

      const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "SUCCEEDED" }));
      expect(executions.map(({ name }) => name)).toEqual(["first"]);
      const { stateMachines = [] } = await states.send(new ListStateMachinesCommand({}));
      expect(stateMachines.map(({ name }) => name)).toEqual(["Mine", "OrderManagerStateMachine", "OrderProcessorWorkflow"]);

      const definition = JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } });
      await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
      expect((await states.send(new DescribeStateMachineCommand({ stateMachineArn }))).definition).toBe(definition);
      await states.send(new DeleteStateMachineCommand({ stateMachineArn }));
      await expect(states.send(new DescribeStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({
        name: "StateMachineDoesNotExist",
      });
    });

    check("an express workflow answers with its end", async () => {
      const definition = JSON.stringify({ StartAt: "Say", States: { Say: { Type: "Pass", Result: { said: "hello" }, End: true } } });
      const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: "Quick", type: "EXPRESS", definition, roleArn }));
      expect(await states.send(new StartSyncExecutionCommand({ stateMachineArn, input: "{}" }))).toMatchObject({
        status: "SUCCEEDED",
        output: '{"said":"hello"}',
      });
    });

    check("a worker waits for its activity's task", async () => {
      const { activityArn = "" } = await states.send(new CreateActivityCommand({ name: "Brew" }));
      const definition = JSON.stringify({ StartAt: "Brew", States: { Brew: { Type: "Task", Resource: activityArn, End: true } } });
      const { stateMachineArn = "" } = await states.send(new CreateStateMachineCommand({ name: "Brewing", definition, roleArn }));
      const task = states.send(new GetActivityTaskCommand({ activityArn, workerName: "one" }));
      const { executionArn = "" } = await states.send(new StartExecutionCommand({ stateMachineArn, input: '{"drink":"Latte"}' }));
      const { taskToken = "", input } = await task;
      expect(input).toBe('{"drink":"Latte"}');
      await states.send(new SendTaskSuccessCommand({ taskToken, output: '"done"' }));
      expect(await statusOf(executionArn)).toBe("SUCCEEDED");
    });

    check("a definition is validated and a state tested on its own", async () => {
      const bad = await states.send(new ValidateStateMachineDefinitionCommand({ definition: '{"StartAt":"X","States":{}}' }));
      expect([bad.result, bad.diagnostics?.[0]?.severity]).toEqual(["FAIL", "ERROR"]);
      const definition = JSON.stringify({ Type: "Pass", QueryLanguage: "JSONata", Output: "{% $states.input.size * 2 %}", Next: "Then" });
      expect(await states.send(new TestStateCommand({ definition, roleArn, input: '{"size":3}', inspectionLevel: "DEBUG" }))).toMatchObject(
        {
          status: "SUCCEEDED",
          output: "6",
          nextState: "Then",
          inspectionData: { input: '{"size":3}' },
        },
      );
      const task = JSON.stringify({
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Parameters: { FunctionName: "Echo" },
        End: true,
      });
      expect(await states.send(new TestStateCommand({ definition: task, roleArn }))).toMatchObject({
        status: "FAILED",
        error: "Lambda.ResourceNotFoundException",
      });
      const mock = { result: '{"StatusCode":200,"Payload":{"a":1}}' };
      expect((await states.send(new TestStateCommand({ definition: task, roleArn, mock }))).output).toContain('"a":1');
    });

    for (const expression of ["1 +", "phone", "$$", "$states.errorOutput"])
      check(`JSONata is refused at the door: {% ${expression} %}`, async () => {
        const definitionOf = (output: string): string =>
          JSON.stringify({ QueryLanguage: "JSONata", StartAt: "S", States: { S: { Type: "Pass", Output: output, End: true } } });
        const [good, bad] = [definitionOf("{% $states.input %}"), definitionOf(`{% ${expression} %}`)];
        const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: "Asks", definition: good, roleArn }));
        const refused = {
          name: "InvalidDefinition",
          message: expect.stringMatching(/(INVALID|UNSUPPORTED)_JSONATA_EXPRESSION.*States.S.Output/),
        };
        await expect(states.send(new CreateStateMachineCommand({ name: "Bad", definition: bad, roleArn }))).rejects.toMatchObject(refused);
        await expect(states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: bad }))).rejects.toMatchObject(refused);
        const { result, diagnostics } = await states.send(new ValidateStateMachineDefinitionCommand({ definition: bad }));
        expect({ result, diagnostics }).toMatchObject({ result: "FAIL", diagnostics: [{ location: "/States/S/Output" }] });
        await states.send(new DeleteStateMachineCommand({ stateMachineArn }));
      });

    check("a text that is not JSON is refused as a definition", async () => {
      await expect(states.send(new CreateStateMachineCommand({ name: "Bad", definition: "{", roleArn }))).rejects.toMatchObject({
        name: "InvalidDefinition",
        message: expect.stringContaining("INVALID_JSON_DESCRIPTION"),
      });
    });

    for (const { name, command } of [
      {
        name: "InvalidDefinition",
        command: () => new CreateStateMachineCommand({ name: "Bad", definition: '{"StartAt":"X","States":{}}', roleArn }),
      },
      { name: "TaskDoesNotExist", command: () => new SendTaskSuccessCommand({ taskToken: "AAAA", output: "{}" }) },
      {
        name: "ExecutionDoesNotExist",
        command: () =>
          new DescribeExecutionCommand({ executionArn: `arn:aws:states:${region}:${account}:execution:OrderProcessorWorkflow:none` }),
      },
    ])
      check(`errors keep AWS's name: ${name}`, async () => {
        // InvalidToken is what AWS says for a token that is not its own.
        await expect(states.send(command() as CreateStateMachineCommand)).rejects.toMatchObject({
          name: name === "TaskDoesNotExist" ? expect.stringMatching(/^(TaskDoesNotExist|InvalidToken)$/) : name,
          $metadata: { httpStatusCode: 400 },
        });
      });
  });
}
