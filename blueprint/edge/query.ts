import { Refusal } from "./refusal.ts";

/** The query's parameters by name. A parameter given twice is refused: which one counts would be anybody's guess. @throws {Refusal} 400 */
export function queryOf(parameters: URLSearchParams): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (query.has(name)) throw new Refusal("invalid-request", `query ${name.slice(0, 50)}: given twice`);
    query.set(name, value);
  }
  return Object.fromEntries(query);
}
