import type { z } from "zod";
import { Problem } from "./problem.ts";

/** What a schema makes of a value; `status` answers where it refuses: 400 for the address, 422 for the body. */
export function validate(schema: z.ZodType | undefined, value: unknown, where: "path" | "query" | "body"): unknown {
  if (schema === undefined) return value;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues
    .slice(0, 10)
    .map(({ path, message }) => ({ at: path.map(String).join("."), message: message.slice(0, 200) }));
  const [first] = errors;
  const detail = first === undefined ? "The request is not valid." : `${[where, first.at].filter(Boolean).join(" ")}: ${first.message}`;
  throw new Problem(where === "body" ? 422 : 400, "invalid-request", detail, { more: { errors } });
}

/** A query's parameters; one given twice is refused. */
export function queryOf(parameters: URLSearchParams): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (Object.hasOwn(query, name)) throw new Problem(400, "invalid-request", `query ${name.slice(0, 50)}: given twice`);
    query[name] = value;
  }
  return query;
}
