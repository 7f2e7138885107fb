/** The checks of the templates. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import { checkAlarms } from "./alarms.ts";
import { checkApi, checkOrderManagerApi, checkRoutes } from "./api.ts";
import { checkDashboard } from "./dashboard.ts";
import { type Deployment, type Finding, readDeployment, type Templates } from "./deployment.ts";
import { checkDeadlines, checkEventPatterns, checkRuleDeadLetters, checkRulePermissions } from "./events.ts";
import { checkEncryption, checkNoPublicBucket, checkNoUnauthenticatedIdentity, checkUserPool } from "./exposure.ts";
import { checkDeadLetters, checkFunctions, checkLogs } from "./functions.ts";
import { checkConsumers, checkQueues, checkQueuesDeadLetters, checkStreams } from "./queues.ts";
import { checkFunctionRoles, checkOwnRoles, checkWorkflowRoles } from "./roles.ts";
import { checkSurvivors, checkTables } from "./tables.ts";
import { checkLiveUpdates, checkWebsite } from "./website.ts";
import { checkWildcards } from "./wildcards.ts";
import { checkSubstitutions, checkWorkflows } from "./workflows.ts";

export type { Finding, Templates } from "./deployment.ts";

/** Every check by name: a pure function from templates and blueprint to findings; none for a correct shop. */
export const checks = {
  "workflow roles": checkWorkflowRoles,
  "function roles": checkFunctionRoles,
  "own roles": checkOwnRoles,
  wildcards: checkWildcards,
  "event patterns": checkEventPatterns,
  "rules' dead letters": checkRuleDeadLetters,
  "rules' permissions": checkRulePermissions,
  deadlines: checkDeadlines,
  routes: checkRoutes,
  api: checkApi,
  "order manager's api": checkOrderManagerApi,
  tables: checkTables,
  survivors: checkSurvivors,
  queues: checkQueues,
  "queues' dead letters": checkQueuesDeadLetters,
  consumers: checkConsumers,
  streams: checkStreams,
  functions: checkFunctions,
  logs: checkLogs,
  "dead letters": checkDeadLetters,
  workflows: checkWorkflows,
  substitutions: checkSubstitutions,
  dashboard: checkDashboard,
  "no public bucket": checkNoPublicBucket,
  "no unauthenticated identity": checkNoUnauthenticatedIdentity,
  "user pool": checkUserPool,
  encryption: checkEncryption,
  website: checkWebsite,
  "live updates": checkLiveUpdates,
  alarms: checkAlarms,
} as const satisfies Record<string, (deployment: Deployment, blueprint: Blueprint) => Finding[]>;
/** The name of a check. */
export type CheckName = keyof typeof checks;

/** Returns the findings in a shop's templates by the name of the check; checks without findings are left out. */
export function findFaults(templates: Templates, blueprint: Blueprint): Partial<Record<CheckName, readonly Finding[]>> {
  const deployment = readDeployment(templates);
  const found = Object.entries(checks).map(([name, check]) => [name, check(deployment, blueprint)] as const);
  return Object.fromEntries(found.filter(([, findings]) => findings.length > 0));
}
