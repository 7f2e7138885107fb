import type { ServiceEvent } from "@serverlesspresso/event-bus";
import type { StatusChange } from "@serverlesspresso/workflow";

/** How Step Functions tells the account's own bus of an execution. */
export function eventOf({ executionArn, detail }: StatusChange): ServiceEvent {
  return { source: "aws.states", detailType: "Step Functions Execution Status Change", detail, resources: [executionArn] };
}
