import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** What TestState tells of the way from input to output. */
export interface Inspection {
  set(name: string, value: JsonValue): void;
  /** Variables as they are after the state. */
  assign(assigned: JsonObject | undefined): void;
  data(): JsonObject;
}

export function createInspection(input: JsonValue, variables: JsonObject | undefined): Inspection {
  const told: { [name: string]: JsonValue } = { input };
  let after: JsonObject = variables ?? {};
  return {
    set: (name, value) => void (told[name] = value),
    assign: (assigned) => void (after = { ...after, ...assigned }),
    data: () => ({ ...told, ...(Object.keys(after).length > 0 && { variables: after }) }),
  };
}
