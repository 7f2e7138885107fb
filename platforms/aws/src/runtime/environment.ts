import type { EnvironmentName } from "./functions.ts";

/** Variables that are set for tests alone: where AWS's own answer would follow from others. */
type OptionalName = "USER_POOL_ISSUER";
type Variables = Readonly<Record<string, string | undefined>>;

/** The environment is not what `functions.ts` says. The message names every variable that is missing or wrong. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

const checks: Partial<Record<EnvironmentName, { readonly pattern: RegExp; readonly expected: string }>> = {
  GUEST_SIGN_IN: { pattern: /^(on|off)$/, expected: "on or off" },
  USER_POOL_ID: { pattern: /^[\w-]+_[A-Za-z0-9]+$/, expected: "a user pool's id" },
  ORDER_PROCESSOR_ARN: { pattern: /^arn:[^:]+:states:[^:]*:\d*:stateMachine:./, expected: "a state machine's ARN" },
};

/**
 * Reads what a function was given, once, at its cold start.
 * @throws {EnvironmentError}
 */
export function readEnvironment<const Name extends EnvironmentName>(
  names: readonly Name[],
  variables: Variables = process.env,
): Readonly<Record<Name, string>> {
  const faults = names.flatMap((name) => faultOf(name, variables[name]));
  if (faults.length > 0) throw new EnvironmentError(`${variables.AWS_LAMBDA_FUNCTION_NAME ?? "this function"}: ${faults.join("; ")}`);
  return Object.fromEntries(names.map((name) => [name, variables[name]])) as Record<Name, string>;
}

/** One that may be absent. */
export function readOptional(name: OptionalName, variables: Variables = process.env): string | undefined {
  const value = variables[name];
  return value === "" ? undefined : value;
}

function faultOf(name: EnvironmentName, value: string | undefined): string[] {
  if (value === undefined || value === "") return [`the environment variable ${name} is missing`];
  const check = checks[name];
  return check === undefined || check.pattern.test(value) ? [] : [`${name} is "${value.slice(0, 100)}", expected ${check.expected}`];
}
