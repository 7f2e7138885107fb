/**
 * Engines' errors as tasks see them, named and told as by the client that Step Functions calls the service with: an optimized
 * integration by the older SDK's (`SQS.QueueDoesNotExistException`), an SDK integration by the newer one's (`Sqs.QueueDoesNotExistException`).
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { type Integration, TaskError } from "@serverlesspresso/workflow";
import { queryErrorCode } from "./aws/query-errors.ts";

/** Names of a service's errors. `unmodelled` stands for those that the service's API description does not name. */
export interface ErrorNames {
  readonly prefix: string;
  readonly unmodelled: string;
  /** As the older SDK calls the service; absent for an SDK integration. */
  readonly optimized?: string;
  /** Where an older protocol has other codes. */
  readonly queryCodes?: Readonly<Record<string, string>>;
  /** Beside those that no service's description names. */
  readonly unmodelledCodes?: readonly string[];
}

/** Makes tasks' errors; `requestId` gives each a new one. */
export interface TaskErrors {
  /** Returns an engine's error as the task's. An error without an AWS code is a fault of the platform; it is returned unchanged. */
  of(error: unknown, names: ErrorNames): unknown;
  /** A call of an engine as a task; its errors get the service's names. */
  transactional(names: ErrorNames, call: (tx: Transaction, parameters: JsonObject) => JsonObject): Integration;
}

/** The names of an SDK integration's errors. */
export function sdkErrors(prefix: string, unmodelledCodes: readonly string[] = []): ErrorNames {
  return { prefix, unmodelled: `${prefix}Exception`, unmodelledCodes };
}

const neverModelled = ["ValidationException", "UnknownOperationException"];

/**
 * Returns the mapping of engines' errors to those of tasks.
 * @param requestId makes the request id that AWS's causes quote
 */
export function createTaskErrors(requestId: () => string): TaskErrors {
  function of(error: unknown, names: ErrorNames): unknown {
    if (!(error instanceof Error) || typeof (error as { code?: unknown }).code !== "string") return error;
    const { code, message } = error as Error & { readonly code: string };
    return new TaskError(`${names.prefix}.${nameOf(code, names)}`, causeOf(code, message, names));
  }

  function causeOf(code: string, message: string, { prefix, optimized, queryCodes = {} }: ErrorNames): string {
    if (optimized === undefined)
      return `${message} (Service: ${prefix}, Status Code: 400, Request ID: ${requestId()}) (SDK Attempt Count: 1)`;
    const told = queryErrorCode({ queryCodes }, { code });
    return `${message} (Service: ${optimized}; Status Code: 400; Error Code: ${told}; Request ID: ${requestId()}; Proxy: null)`;
  }

  return {
    of,
    transactional: (names, call) => ({
      kind: "transactional",
      call(tx, parameters) {
        try {
          return call(tx, parameters);
        } catch (error) {
          throw of(error, names);
        }
      },
    }),
  };
}

/** The class that the SDK has for the code. */
function nameOf(code: string, { unmodelled, unmodelledCodes = [] }: ErrorNames): string {
  if (neverModelled.includes(code) || unmodelledCodes.includes(code)) return unmodelled;
  return code.endsWith("Exception") ? code : `${code}Exception`;
}
