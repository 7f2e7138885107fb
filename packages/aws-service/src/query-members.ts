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

const Named = z.object({ queryName: z.string() });

interface QueryMember extends Partial<z.infer<typeof Named>> {
  readonly operation: string;
  readonly name: string;
  /** Of its schema: `number`, `array`. */
  readonly type: string | undefined;
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
  const ofType = (wanted: string): string[] => members.flatMap(({ type, name }) => (type === wanted ? [name] : []));
  return {
    ...shapes,
    lists,
    numbers: [...(shapes.numbers ?? []), ...ofType("number")],
    booleans: [...(shapes.booleans ?? []), ...ofType("boolean")],
  };
}

/** The members of an object's schema, each with its JSON type where it has one. */
function membersOf(operation: string, input: z.ZodType): QueryMember[] {
  const object = layersOf(input).at(-1);
  if (!(object instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(object.shape).map(([name, member]) => {
    const layers = layersOf(member);
    const named = Named.safeParse(layers.map((layer) => layer.meta()).find((meta) => meta?.queryName !== undefined));
    return { operation, name, type: layers.at(-1)?.def.type, ...(named.success && named.data) };
  });
}

/** A schema, and what it stands around or comes before, inwards: of `z.array(text).optional()` the whole, then the array. */
function layersOf(schema: z.ZodType): z.ZodType[] {
  const { def } = schema;
  const inner = "innerType" in def && def.type !== "nullable" ? def.innerType : def.type === "pipe" && "in" in def ? def.in : undefined;
  return inner instanceof z.ZodType ? [schema, ...layersOf(inner)] : [schema];
}
