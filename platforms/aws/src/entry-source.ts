/** The entry of a service's function in Lambda, as source text: the service, the wiring of the ports that the function uses, and the wrapper for its kind. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FunctionBlueprint } from "@serverlesspresso/blueprint";
import type { Service } from "@serverlesspresso/services/declaration.ts";
import type { Use } from "@serverlesspresso/services/use.ts";
import type { FunctionGrant } from "./runtime/functions.ts";

const runtime = join(import.meta.dirname, "runtime");

/** The port behind each kind of use; the module of its name in `runtime/wiring` exports it. */
const ports = {
  table: "tables",
  events: "events",
  tasks: "tasks",
  topic: "topics",
  metrics: "metrics",
  identities: "identities",
  settings: "settings",
} as const satisfies Record<Use["kind"], string>;

/** Returns the text of a module that exports `handler`. @param calls of the function in Lambda, to see whether its route keeps keys */
export function entrySource({ module }: Service, { shortName, kind, uses }: FunctionBlueprint, calls: readonly FunctionGrant[]): string {
  const used = [...new Set(uses.map((one) => ports[one.kind]))];
  // More than its service's function calls itself is what its route keeps.
  const options = ["clock", ...(kind === "route" && calls.length > uses.length ? ["idempotency"] : [])];
  const imported = kind === "route" ? [...used, ...options.slice(1)] : used;
  return [
    `import { service } from ${quoted(fileURLToPath(module))};`,
    `import { clock, declarationOf, depsOf } from ${quoted(join(runtime, "base.ts"))};`,
    ...imported.map((name) => `import { ${name} } from ${quoted(join(runtime, "wiring", `${name}.ts`))};`),
    `import { ${wrappers[kind].name} } from ${quoted(join(runtime, wrappers[kind].file))};`,
    "const declaration = declarationOf(service);",
    `const handle = declaration.functions.${shortName}.handler.create(depsOf({ ${used.join(", ")} }));`,
    kind === "route"
      ? `export const handler = serviceRoute(declaration, ${quoted(shortName)}, handle, { ${options.join(", ")} });`
      : `export const handler = ${wrappers[kind].name}(handle);`,
  ].join("\n");
}

const event = { name: "eventHandler", file: "event-handler.ts" } as const;
const wrappers = {
  route: { name: "serviceRoute", file: "api/service-route.ts" },
  stream: { name: "streamHandler", file: "stream-handler.ts" },
  rule: event,
  queue: event,
  task: event,
  signal: event,
} as const satisfies Record<FunctionBlueprint["kind"], { readonly name: string; readonly file: string }>;

const quoted = (text: string): string => JSON.stringify(text);
