/** What is wrong with a request, in sentences that a phone can show: the one place where a schema's own words become ours. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** The first `most` faults, each a sentence. @param request what was parsed, to say what is missing */
export function faultSentences(error: z.ZodError, request: unknown, most: number): { readonly field: string; readonly message: string }[] {
  return error.issues.slice(0, most).map((outer) => {
    const issue = innermost(outer);
    const field = issue.path.map(String).join(".");
    // One of the bar's own checks gives a sentence already.
    const message =
      issue.code === "custom" ? issue.message : `${field === "" ? "The request" : quoted(field)} ${predicate(issue, request)}.`;
    return { field, message };
  });
}

/** Of the ways in which a value fits none of several schemas, the one that came furthest. */
function innermost(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const firsts = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const [deepest] = firsts.sort((a, b) => b.path.length - a.path.length);
  return deepest === undefined ? issue : innermost({ ...deepest, path: [...issue.path, ...deepest.path] } as Issue);
}

function predicate(issue: Issue, request: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return valueAt(request, issue.path) === undefined ? "is missing" : `must be ${typeWords[issue.expected] ?? "of another kind"}`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must ${sizeWords(issue.origin, "at least", issue.minimum)}`;
    case "too_big":
      return `must ${sizeWords(issue.origin, "at most", issue.maximum)}`;
    case "unrecognized_keys":
      return `must not have ${issue.keys.slice(0, 5).map(quoted).join(", ")}`;
    case "invalid_format":
      return "has characters that are not allowed here, or too many";
    default:
      return "is not valid";
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function sizeWords(origin: string, bound: string, size: number | bigint): string {
  const unit = { string: "character", array: "entry" }[origin];
  if (unit === undefined) return `be ${bound} ${size}`;
  const units = { character: "characters", entry: "entries" }[unit];
  return `have ${bound} ${size} ${Number(size) === 1 ? unit : units}`;
}

function valueAt(request: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((owner, step) => (owner as Record<PropertyKey, unknown> | null | undefined)?.[step], request);
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}
