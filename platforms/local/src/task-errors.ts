import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { type Integration, TaskError } from "@serverlesspresso/workflow";

/** Names of a service's errors. `unmodelled` stands for those that the service's API description does not name. */
export interface ErrorNames {
  readonly prefix: string;
  readonly service: string;
  readonly unmodelled: string;
}

/** An engine's error as the task's; whatever has no AWS code is a fault of ours and goes on as it is. */
export function taskErrorOf(error: unknown, { prefix, service, unmodelled }: ErrorNames): unknown {
  if (!(error instanceof Error) || typeof (error as { code?: unknown }).code !== "string") return error;
  const { code } = error as Error & { code: string };
  const isModelled = code.endsWith("Exception") && code !== "ValidationException";
  const cause = `${error.message} (Service: ${service}; Status Code: 400; Error Code: ${code})`;
  return new TaskError(`${prefix}.${isModelled ? code : unmodelled}`, cause);
}

/** A call of an engine as a task; its errors get the service's names. */
export function transactional(names: ErrorNames, call: (tx: Transaction, parameters: JsonObject) => JsonObject): Integration {
  return {
    kind: "transactional",
    call(tx, parameters) {
      try {
        return call(tx, parameters);
      } catch (error) {
        throw taskErrorOf(error, names);
      }
    },
  };
}
