import { type SFNClient, StartExecutionCommand, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import type { JsonValue, States, SyncResult } from "@serverlesspresso/ports";

/** The client of Step Functions and the ARNs of the state machines. */
export interface StatesOptions {
  readonly sfn: Pick<SFNClient, "send">;
  /** The ARN of a state machine of the blueprint. */
  readonly arnOf: (stateMachineName: string) => string;
}

/** Serves `ports/states.ts` from Step Functions. Its failures have AWS's code in `name` as they come. */
export function createStates({ sfn, arnOf }: StatesOptions): States {
  return {
    async startExecution({ stateMachineName, name, input }) {
      const request = { stateMachineArn: arnOf(stateMachineName), input: JSON.stringify(input), ...(name !== undefined && { name }) };
      const { executionArn = "" } = await sfn.send(new StartExecutionCommand(request));
      return { executionArn };
    },
    async startSyncExecution({ stateMachineName, input }) {
      const request = { stateMachineArn: arnOf(stateMachineName), input: JSON.stringify(input) };
      const { status, output, error, cause } = await sfn.send(new StartSyncExecutionCommand(request));
      return {
        status: status as SyncResult["status"],
        ...(output !== undefined && { output: JSON.parse(output) as JsonValue }),
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      };
    },
  };
}
