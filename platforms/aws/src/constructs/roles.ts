import { Policy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { type Right, statementsOf } from "./rights.ts";

/** Creates a role for one service, with exactly these rights: CDK's constructs cannot add any. */
export function roleFor(scope: Construct, id: string, service: string, rights: readonly Right[], description: string): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal(service), description });
  if (rights.length > 0) new Policy(role, "Rights", { roles: [role], statements: statementsOf(rights) });
  return role;
}
