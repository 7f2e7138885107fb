import { names } from "@serverlesspresso/contract";
import type { LogGroupBlueprint } from "./types.ts";

/** Beside `/aws/lambda/NAME` for each function, which a platform makes itself. */
export const logGroups: readonly LogGroupBlueprint[] = [{ name: names.eventLogGroup, retentionDays: 30 }];
