import type { Names } from "@serverlesspresso/contract";
import type { LogGroupBlueprint } from "./types.ts";

/** Returns the log groups beside `/aws/lambda/NAME` of each function, which a platform makes itself. */
export function logGroupsOf(names: Names): LogGroupBlueprint[] {
  return [{ name: names.eventLogGroup, retentionDays: 30 }];
}
