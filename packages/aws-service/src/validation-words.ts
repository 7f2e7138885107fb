/**
 * What is wrong with a request, as AWS says it: the one place where a schema's own words are turned into a service's.
 * What a schema says in words of its own stays as it is.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
 */
import { z } from "zod";

/** The first thing that is wrong. */
export interface ValidationFault {
  /** The member as services name it: `entries.1.member.source`. */
  readonly member: string;
  /** The member as the request has it, its steps joined by dots: `Entries.0.Source`; empty for the request itself. */
  readonly path: string;
  /** What the member has. */
  readonly value: unknown;
  /** Whether it is not there at all. */
  /** "Member must not be null", or the schema's own words. */
  readonly constraint: string;
  /** The usual sentence. */
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

const english = z.locales.en().localeError;
/** Values of such members are not repeated. */
const secret = /password|secret|token|code|proof|value$|payload|body|input/i;

/** @param request what was parsed, to say what a member has */
export function validationFault(error: z.ZodError, request: unknown): ValidationFault {
  const issue = innermost(error.issues[0] as Issue);
  const value = issue.path.reduce<unknown>((owner, step) => (owner as Record<PropertyKey, unknown> | null | undefined)?.[step], request);
  const member = memberName(issue.path);
  const isMissing = value === undefined || value === null;
  const constraint = isMissing && isOfType(issue) ? "Member must not be null" : constraintOf(issue, value);
  return {
    member,
    path: issue.path.map(String).join("."),
    value,
    constraint,
    message: `1 validation error detected: Value${valueWords(value, member)} at '${member}' failed to satisfy constraint: ${constraint}`,
  };
}

/** Of the ways in which a member fits none of several schemas, the one that came furthest. */
function innermost(issue: Issue): Issue {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue;
  const firsts = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const deepest = firsts.sort((a, b) => b.path.length - a.path.length)[0];
  return deepest === undefined ? issue : innermost({ ...deepest, path: [...issue.path, ...deepest.path] } as Issue);
}

function memberName(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === "number" ? `${step + 1}.member` : lowerFirst(String(step))));
  return steps.length === 0 ? "request" : steps.join(".");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function valueWords(value: unknown, member: string): string {
  if (value === undefined || value === null) return " null";
  if (secret.test(member) || !["string", "number", "boolean"].includes(typeof value)) return "";
  return ` '${String(value).slice(0, 256)}'`;
}

function isOfType({ code }: Issue): boolean {
  return code === "invalid_type" || code === "invalid_value" || code === "invalid_union";
}

function constraintOf(issue: Issue, input: unknown): string {
  const usual = english({ ...issue, input } as z.core.$ZodRawIssue);
  if (issue.message !== (typeof usual === "string" ? usual : usual?.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `Member must be ${typeWords[issue.expected] ?? `of type ${issue.expected}`}`;
    case "invalid_value":
      return `Member must satisfy enum value set: [${issue.values.map(String).join(", ")}]`;
    case "too_small":
      return `Member must have ${sizeWords(issue.origin)} greater than ${issue.inclusive === false ? "" : "or equal to "}${issue.minimum}`;
    case "too_big":
      return `Member must have ${sizeWords(issue.origin)} less than ${issue.inclusive === false ? "" : "or equal to "}${issue.maximum}`;
    case "invalid_format":
      return "pattern" in issue && issue.pattern !== undefined
        ? `Member must satisfy regular expression pattern: ${issue.pattern.replace(/^\/(.*)\/\w*$/s, "$1")}`
        : `Member must be a valid ${issue.format}`;
    case "unrecognized_keys":
      return `Member must not have ${issue.keys.slice(0, 5).join(", ")}`;
    case "not_multiple_of":
      return `Member must be a multiple of ${issue.divisor}`;
    default:
      return "Member is not valid";
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "a boolean",
  array: "a list",
  object: "a structure",
  record: "a map",
};

function sizeWords(origin: string): string {
  return ["string", "array", "set", "map", "record", "file"].includes(origin) ? "length" : "value";
}
