import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from "@aws-sdk/client-sfn";
import type { Tasks } from "@serverlesspresso/ports";

/** Serves `ports/tasks.ts` from Step Functions. Its failures have AWS's code in `name` as they come. */
export function createTasks({ sfn }: { readonly sfn: Pick<SFNClient, "send"> }): Tasks {
  return {
    async sendTaskSuccess({ taskToken, output }) {
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
    },
    async sendTaskFailure(request) {
      await sfn.send(new SendTaskFailureCommand(request));
    },
  };
}
