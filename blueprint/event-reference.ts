/** The event reference, `docs/events.md`: the catalogue and what the blueprint does with each event. */
import type { EventDefinition } from "@serverlesspresso/contract/events";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { RuleBlueprint } from "@serverlesspresso/services/resources.ts";
import { z } from "zod";
import type { Blueprint } from "./types.ts";

/** Returns the reference as Markdown. */
export function eventReference(blueprint: Blueprint): string {
  return `${[heading, ...blueprint.events.map((event) => sectionOf(event, blueprint))].join("\n\n")}\n`;
}

const heading = `# Events

Every event of the system. \`npm run renew\` writes this page from the event catalogue, the services and their rules.
A reader keeps members that are not named here, and fills in those that have a default.`;

function sectionOf({ source, detailType, sentence, emittedBy, detail }: EventDefinition, { bus, rules }: Blueprint): string {
  const from = source === "bar" ? bus.source : source;
  const listeners = rules.filter((rule) => takes(rule, from, detailType)).map(listenerOf);
  return [
    `## ${detailType}`,
    sentence,
    [
      `- Source: \`${from}\`, on ${source === "bar" ? `the bus \`${bus.name}\`` : "the account's default bus"}`,
      `- Emitted by: ${emittedBy.join(", ")}`,
      `- Listeners: ${listeners.join("; ") || "no rule"}`,
    ].join("\n"),
    membersOf(detail),
  ].join("\n\n");
}

/** Returns whether a rule's pattern takes events of this source and type; one that also looks at the detail takes some of them. */
function takes({ eventPattern }: RuleBlueprint, source: string, detailType: string): boolean {
  const { source: sources, "detail-type": types } = eventPattern;
  return listOf(sources).includes(source) && (types === undefined || listOf(types).some((type) => matches(type, detailType)));
}

function matches(wanted: JsonValue, detailType: string): boolean {
  if (typeof wanted === "string") return wanted === detailType;
  const { prefix } = wanted as JsonObject;
  return typeof prefix === "string" && detailType.startsWith(prefix);
}

const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : []);

function listenerOf({ name, eventPattern, targets }: RuleBlueprint): string {
  const condition = eventPattern.detail === undefined ? "" : `, if \`${JSON.stringify(eventPattern.detail)}\``;
  return `rule \`${name}\`${condition} → ${targets.map((target) => `${kinds[target.kind]} \`${target.name}\``).join(", ")}`;
}

const kinds = { function: "function", workflow: "workflow", queue: "queue", logGroup: "log group" } as const;

function membersOf(detail: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(detail, { io: "output", unrepresentable: "any" });
  const rows = Object.entries(properties).map(
    ([name, schema]) => `| \`${name}\` | ${typeOf(schema as JsonObject)} | ${required.includes(name) ? "always" : "optional"} |`,
  );
  return rows.length === 0 ? "No members." : ["| Member | Type | Present |", "| --- | --- | --- |", ...rows].join("\n");
}

function typeOf(schema: JsonObject): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  const choices = listOf(schema.anyOf ?? schema.oneOf);
  if (choices.length > 0) return [...new Set(choices.map((choice) => typeOf(choice as JsonObject)))].join(" or ");
  return typeof schema.type === "string" ? schema.type : "any";
}
