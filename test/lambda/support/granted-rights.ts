import { type FunctionGrant, runtimeFunctions, userPoolActionsOf } from "../../../platforms/aws/src/runtime/functions.ts";

/** The rights that `runtime/functions.ts` says a function needs, as patterns over those that are observed. */
export function grantedRights(name: string): readonly string[] {
  return runtimeFunctions.find((fn) => fn.name === name)?.calls.flatMap(rightsOf) ?? [];
}

function rightsOf(grant: FunctionGrant): string[] {
  switch (grant.kind) {
    case "table":
      return grant.actions.map((action) => `dynamodb:${action} ${grant.table}${grant.index === undefined ? "" : `/${grant.index}`}`);
    case "events":
      return ["events:PutEvents"];
    case "tasks":
      return ["states:SendTaskSuccess", "states:SendTaskFailure"];
    case "topic":
      return [`iot:Publish ${grant.topic}`];
    case "metrics":
      return ["cloudwatch:PutMetricData"];
    case "startExecution":
      return [`states:StartExecution ${grant.workflow}`];
    case "identities":
      return userPoolActionsOf(grant).map((action) => `cognito-idp:${action}`);
    case "settings":
      return [];
  }
}

/** Whether a right allows what was asked; `{userId}` stands for any user. */
export function allows(right: string, asked: string): boolean {
  const [start = "", end] = right.split("{userId}");
  return end === undefined ? right === asked : asked.startsWith(start) && asked.length > start.length;
}
