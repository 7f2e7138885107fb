/** What the registry of integrations has for a task's resource, and the failure of a task that calls anything else. */
import type { TaskResource } from "@serverlesspresso/states-language";
import { TaskError } from "./errors.ts";
import type { Integration, Integrations } from "./integration.ts";

const sdkPrefix = "aws-sdk:";

type IntegrationResource = Extract<TaskResource, { kind: "integration" }>;

/** Returns the registry's entry for a resource; the `.sync` patterns have their own. */
export function integrationOf(integrations: Integrations, resource: IntegrationResource): Integration | undefined {
  const name = `${resource.service}:${actionOf(resource)}`;
  const found = Object.hasOwn(integrations, name) ? integrations[name] : undefined;
  return found?.kind === "absent" ? undefined : found;
}

/** Returns the failure of a task whose resource is not here: with the reason, where one is known, and with what there is. */
export function unavailable(integrations: Integrations, resource: TaskResource): TaskError {
  const why = resource.kind === "integration" ? `: ${whyAbsent(integrations, resource)}` : ".";
  return new TaskError("States.Runtime", `The resource '${resource.arn}' is not available here${why}`);
}

/**
 * Returns whether the task is the optimized integration `lambda:invoke`.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export function isLambdaInvoke(resource: TaskResource): boolean {
  return resource.kind === "integration" && resource.service === "lambda" && resource.action === "invoke";
}

function actionOf({ action, pattern }: IntegrationResource): string {
  return pattern === "sync" || pattern === "sync:2" ? `${action}.${pattern}` : action;
}

function whyAbsent(integrations: Integrations, resource: IntegrationResource): string {
  const { service } = resource;
  const services = actionsByService(integrations);
  const actions = services.get(service);
  if (actions === undefined) return `${service} is not supported, expected one of ${[...services.keys()].sort().join(", ")}`;
  const action = actionOf(resource);
  const name = `${service}:${action}`;
  const entry = Object.hasOwn(integrations, name) ? integrations[name] : undefined;
  const reason = entry?.kind === "absent" ? `: ${entry.reason}` : "";
  return `${service} has no "${action}" here${reason}, expected one of ${actions.sort().join(", ")}`;
}

function actionsByService(integrations: Integrations): Map<string, string[]> {
  const present = Object.keys(integrations).filter((name) => integrations[name]?.kind !== "absent");
  const services = new Map<string, string[]>();
  // What calls functions is no entry of the registry.
  for (const name of [...present, "lambda:invoke"]) {
    const colon = name.indexOf(":", name.startsWith(sdkPrefix) ? sdkPrefix.length : 0);
    const service = name.slice(0, colon);
    services.set(service, [...(services.get(service) ?? []), name.slice(colon + 1)]);
  }
  return services;
}
