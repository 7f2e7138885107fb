/**
 * What of a query follows from the schemas of a service's operations.
 *
 * QM1. A list's member says its name in a query beside its schema, outermost: `z.array(z.string()).meta({ queryName: "TagKey" })`.
 * QM2. A member that is a number or a boolean is read as one, without an entry in the service's `numbers` or `booleans`. These name those of inner structures.
 * QM3. A service whose lists are flat (`lists`) cannot be defined with a list that has no name: over the query protocol it would never arrive.
 */
import { z } from "zod";
import type { OperationDescription } from "./operation.ts";
import type { QueryShapes } from "./query-shapes.ts";

const Member = z.object({ type: z.unknown().optional(), queryName: z.string().optional() });
const Members = z.object({ properties: z.record(z.string(), Member) });

interface QueryMember extends z.infer<typeof Member> {
  readonly operation: string;
  readonly name: string;
}

/**
 * Returns what a service says of its query protocol with what its operations' inputs say of theirs.
 * @throws {TypeError} for a flat list without a name (QM3)
 */
export function withMembers(
  service: string,
  shapes: QueryShapes,
  operations: readonly (readonly [string, Pick<OperationDescription, "input">])[],
): QueryShapes {
  const members = operations.flatMap(([operation, { input }]) => membersOf(operation, input));
  const named = members.flatMap(({ name, queryName }) => (queryName === undefined ? [] : [[queryName, name] as const]));
  const lists = { ...shapes.lists, ...Object.fromEntries(named) };
  const nameless = members.find(({ type, name }) => type === "array" && !Object.values(lists).includes(name));
  if (shapes.lists !== undefined && nameless !== undefined)
    throw new TypeError(
      `${service} ${nameless.operation}: the list ${nameless.name} has no name for the query protocol, expected .meta({ queryName: "..." }) at its schema`,
    );
  const ofType = (...types: readonly string[]): string[] =>
    members.flatMap(({ type, name }) => (typeof type === "string" && types.includes(type) ? [name] : []));
  return {
    ...shapes,
    lists,
    numbers: [...(shapes.numbers ?? []), ...ofType("integer", "number")],
    booleans: [...(shapes.booleans ?? []), ...ofType("boolean")],
  };
}

function membersOf(operation: string, input: z.ZodType): QueryMember[] {
  const parsed = Members.safeParse(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  return parsed.success ? Object.entries(parsed.data.properties).map(([name, member]) => ({ ...member, operation, name })) : [];
}
