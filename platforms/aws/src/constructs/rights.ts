/**
 * Rights as data: what a role may do, before it is a policy.
 *
 * R1. A right is an IAM action on one resource. Whoever needs more has more rights; there are no lists of actions with a star.
 * R2. What a function needs follows from `runtime/functions.ts`, what a workflow needs from its states (`workflow-rights.ts`).
 */
import type { Blueprint } from "@serverlesspresso/blueprint";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { FunctionGrant } from "../runtime/functions.ts";
import type { Arns } from "./place.ts";

/** One action on one resource. */
export interface Right {
  readonly action: string;
  readonly resource: string;
  /** IAM's condition block, where AWS knows no finer resource. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a grant comes to. */
export function rightsOf(grant: FunctionGrant, arns: Arns, { bus, metricsNamespace, userPoolArn }: Places): Right[] {
  switch (grant.kind) {
    case "table": {
      const resource = grant.index === undefined ? arns.table(grant.table) : arns.index(grant.table, grant.index);
      return grant.actions.map((action) => ({ action: `dynamodb:${action}`, resource }));
    }
    case "events":
      return [{ action: "events:PutEvents", resource: arns.bus(bus.name) }];
    case "topic":
      return [{ action: "iot:Publish", resource: arns.topic(grant.topic.replace("{userId}", "*")) }];
    case "metrics":
      // AWS knows no resource for it; the namespace narrows it.
      return [
        {
          action: "cloudwatch:PutMetricData",
          resource: "*",
          condition: { StringEquals: { "cloudwatch:namespace": metricsNamespace } },
        },
      ];
    case "startExecution":
      return [{ action: "states:StartExecution", resource: arns.workflow(grant.workflow) }];
    case "userPool":
      return grant.actions.map((action) => ({ action: `cognito-idp:${action}`, resource: userPoolArn }));
  }
}

/** What grants refer to beside the blueprint's names. */
export interface Places {
  readonly bus: Blueprint["bus"];
  readonly metricsNamespace: string;
  readonly userPoolArn: string;
}

/** Tracing: AWS knows no resource for it. */
export const tracing: readonly Right[] = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"].map((action) => ({
  action,
  resource: "*",
}));

/** What Step Functions also reads before it traces. */
export const sampling: readonly Right[] = ["xray:GetSamplingRules", "xray:GetSamplingTargets"].map((action) => ({ action, resource: "*" }));

/** Rights as statements: one for each resource and condition, actions in order. */
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
