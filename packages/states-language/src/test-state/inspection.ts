import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/**
 * Collects the `inspectionData` that TestState returns: the values on the way from input to output.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
export interface Inspection {
  /** Records one value under its name in `inspectionData`, for example `afterInputPath`. */
  set(name: string, value: JsonValue): void;
  /** Adds the variables that the state assigned. */
  assign(assigned: JsonObject | undefined): void;
  /** Returns what was recorded, with the variables after the state. */
  data(): JsonObject;
}

/** Starts an inspection with the input and the variables before the state. */
export function createInspection(input: JsonValue, variables: JsonObject | undefined): Inspection {
  const told: { [name: string]: JsonValue } = { input };
  let after: JsonObject = variables ?? {};
  return {
    set: (name, value) => void (told[name] = value),
    assign: (assigned) => void (after = { ...after, ...assigned }),
    data: () => ({ ...told, ...(Object.keys(after).length > 0 && { variables: after }) }),
  };
}
