import type { LogGroupBlueprint } from "@serverlesspresso/blueprint";
import type { Logs } from "@serverlesspresso/logs";
import type { Transaction } from "@serverlesspresso/store";
import { applyOnce } from "./applied.ts";

/** Makes the blueprint's log groups with their retention. */
export function putLogGroups(tx: Transaction, logs: Logs, blueprints: readonly LogGroupBlueprint[]): void {
  for (const group of blueprints) {
    applyOnce(tx, "log group", group.name, group, () => {
      logs.execute(tx, "CreateLogGroup", { logGroupName: group.name });
      logs.execute(tx, "PutRetentionPolicy", { logGroupName: group.name, retentionInDays: group.retentionDays });
    });
  }
}
