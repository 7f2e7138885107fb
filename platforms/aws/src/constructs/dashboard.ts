import type { DashboardBlueprint } from "@serverlesspresso/blueprint";
import { Aws } from "aws-cdk-lib";
import { CfnDashboard } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";

/** Creates the blueprint's dashboard, with the metrics of the stack's own region. */
export function createDashboard(scope: Construct, { name, body }: DashboardBlueprint): void {
  const dashboardBody = JSON.stringify(body, (key, value: unknown) => (key === "region" ? Aws.REGION : value));
  new CfnDashboard(scope, "Dashboard", { dashboardName: name, dashboardBody });
}
