import type { z } from "zod";

/** `InvalidEnvelope`: not an envelope, or of another event than expected. `InvalidDetail`: a member is wrong. */
export type EventErrorCode = "InvalidEnvelope" | "InvalidDetail";

/** An event that is not what the catalogue says. `message` names the event, the member, what it has and what was expected. */
export class EventError extends Error {
  override readonly name = "EventError";
  readonly code: EventErrorCode;
  constructor(code: EventErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const mostShown = 60;

/** Returns the first fault of a value in words, such as `detail.cause is 7, expected string`. */
export function faultOf({ issues }: z.ZodError, value: unknown, name: string): string {
  const issue = issues[0] as z.core.$ZodIssue;
  const found = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
  return `${[name, ...issue.path].join(".")} is ${shown(found)}, expected ${expectedOf(issue)}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected;
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(" or ");
    case "invalid_union":
      return [...new Set(issue.errors.flat().map(expectedOf))].join(" or ");
    case "too_small":
      return `at least ${issue.minimum} ${issue.origin === "string" ? "character" : "in value"}`;
    case "invalid_format":
      return `text that matches ${issue.pattern ?? issue.format}`;
    default:
      return issue.message;
  }
}
