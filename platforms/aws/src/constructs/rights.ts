/**
 * Rights as data: what a role allows, before it becomes a policy.
 *
 * R1. A right is an IAM action on one resource. A role that needs more has more rights; no action has a star.
 * R2. The rights of a function follow from `runtime/functions.ts`, those of a workflow from its states (`workflow-calls.ts`).
 */
import type { Blueprint } from "@serverlesspresso/blueprint";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { type FunctionGrant, userPoolActionsOf } from "../runtime/functions.ts";
import type { Arns } from "./place.ts";

/** One action on one resource. */
export interface Right {
  readonly action: string;
  readonly resource: string;
  /** IAM's condition block, for an action that IAM cannot limit to a resource. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Returns the rights that a grant needs. */
export function rightsOf(grant: FunctionGrant, arns: Arns, { bus, metricsNamespace, userPoolArn }: Places): Right[] {
  switch (grant.kind) {
    case "table": {
      const resource = grant.index === undefined ? arns.table(grant.table) : arns.index(grant.table, grant.index);
      return grant.actions.map((action) => ({ action: `dynamodb:${action}`, resource }));
    }
    case "events":
      return [{ action: "events:PutEvents", resource: arns.bus(bus.name) }];
    case "tasks":
      return ["SendTaskSuccess", "SendTaskFailure"].map((action) => ({
        action: `states:${action}`,
        resource: arns.workflow(grant.workflow),
      }));
    case "topic":
      return [{ action: "iot:Publish", resource: arns.topic(grant.topic.replace("{userId}", "*")) }];
    case "metrics":
      // IAM has no resource type for it; the namespace limits it.
      return [
        {
          action: "cloudwatch:PutMetricData",
          resource: "*",
          condition: { StringEquals: { "cloudwatch:namespace": metricsNamespace } },
        },
      ];
    case "startExecution":
      return [{ action: "states:StartExecution", resource: arns.workflow(grant.workflow) }];
    case "identities":
      return userPoolActionsOf(grant).map((action) => ({ action: `cognito-idp:${action}`, resource: userPoolArn }));
    case "settings":
      return [];
  }
}

/** The names and ARNs that grants refer to, apart from the blueprint's. */
export interface Places {
  readonly bus: Blueprint["bus"];
  readonly metricsNamespace: string;
  readonly userPoolArn: string;
}

/** The rights for tracing; IAM has no resource types for them. */
export const tracing: readonly Right[] = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"].map((action) => ({
  action,
  resource: "*",
}));

/** The rights that Step Functions needs in addition before it traces. */
export const sampling: readonly Right[] = ["xray:GetSamplingRules", "xray:GetSamplingTargets"].map((action) => ({ action, resource: "*" }));

/** Returns policy statements: one for each resource and condition, with sorted actions. */
export function statementsOf(rights: readonly Right[]): PolicyStatement[] {
  const groups = new Map<string, Right[]>();
  for (const right of rights) {
    const key = JSON.stringify([right.resource, right.condition]);
    groups.set(key, [...(groups.get(key) ?? []), right]);
  }
  return [...groups.values()].map(
    (group) =>
      new PolicyStatement({
        actions: [...new Set(group.map(({ action }) => action))].sort(),
        resources: [(group[0] as Right).resource],
        ...(group[0]?.condition !== undefined && { conditions: group[0].condition }),
      }),
  );
}
