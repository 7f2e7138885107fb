import { Refusal } from "./refusal.ts";

/** Returns the query's parameters by name. Refuses a parameter given twice: the client cannot know which one counts. @throws {Refusal} 400 */
export function queryOf(parameters: URLSearchParams): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (query.has(name)) throw new Refusal("invalid-request", `query ${name.slice(0, 50)}: given twice`);
    query.set(name, value);
  }
  return Object.fromEntries(query);
}
