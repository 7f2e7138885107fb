import type { TaskResource } from "./decision.ts";

/** Parses the `Resource` of a Task state; undefined if it is not a resource of Step Functions. */
export function parseResource(arn: string): TaskResource | undefined {
  const parts = arn.split(":");
  const [scheme, partition, service] = parts;
  if (scheme !== "arn" || partition === undefined || !partition.startsWith("aws")) return undefined;
  if (service === "lambda") return isFunction(parts) ? { kind: "function", arn } : undefined;
  if (service !== "states") return undefined;
  if (parts[5] === "activity" && parts[6]) return { kind: "activity", arn };
  return parseIntegration(arn, parts.slice(5).join(":"));
}

/** `...:function:NAME`, or `...:function:NAME:ALIAS`. */
function isFunction([, , , , , kind, name, alias, ...more]: readonly string[]): boolean {
  const named = kind === "function" && /^[\w-]+$/.test(name ?? "");
  return named && more.length === 0 && (alias === undefined || /^(\$LATEST|[\w-]+)$/.test(alias));
}

const waits = [
  [".sync:2", "sync:2"],
  [".sync", "sync"],
  [".waitForTaskToken", "waitForTaskToken"],
] as const;

function parseIntegration(arn: string, text: string): TaskResource | undefined {
  const wait = waits.find(([suffix]) => text.endsWith(suffix));
  const pattern = wait?.[1] ?? "requestResponse";
  const call = wait ? text.slice(0, -wait[0].length) : text;
  const at = call.lastIndexOf(":");
  const [service, action] = [call.slice(0, at), call.slice(at + 1)];
  if (at <= 0 || action === "" || (service.includes(":") && !service.startsWith("aws-sdk:"))) return undefined;
  return { kind: "integration", arn, service, action, pattern };
}

/** How history events name a Task's resource. */
interface HistoryNames {
  readonly resourceType: string;
  readonly resource: string;
}

/** Made once for each resource, since every event of every Task has them. */
const namesOf = new WeakMap<TaskResource, HistoryNames>();

/** Returns `resourceType` and `resource` of a Task's history events: `aws-sdk:sfn`, `sendTaskSuccess`; `sqs`, `sendMessage.waitForTaskToken`. */
export function historyNames(resource: TaskResource & { readonly kind: "integration" }): HistoryNames {
  const known = namesOf.get(resource);
  if (known !== undefined) return known;
  const suffix = resource.pattern === "requestResponse" ? "" : `.${resource.pattern}`;
  const names = { resourceType: resource.service, resource: `${resource.action}${suffix}` };
  namesOf.set(resource, names);
  return names;
}
