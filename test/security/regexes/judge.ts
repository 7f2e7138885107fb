import { check } from "recheck";
import { excused } from "./excused.ts";

/** Why a regular expression, as written, is not known to be linear, with recheck's attack; undefined where it is linear or excused. */
export async function faultOf(written: string): Promise<string | undefined> {
  if (excused.has(written)) return undefined;
  const at = written.lastIndexOf("/");
  const verdict = await check(written.slice(1, at), written.slice(at + 1), { timeout: 30_000 });
  if (verdict.status === "safe") return undefined;
  return `${written} is ${verdict.status}; attack ${"attack" in verdict ? verdict.attack.pattern : "none"}`;
}
