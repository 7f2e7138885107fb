/**
 * Services' errors as tasks see them, named and worded as by the client that Step Functions calls the service with: an optimized
 * integration by the older SDK's (`SQS.QueueDoesNotExistException`), an SDK integration by the newer one's (`Sqs.QueueDoesNotExistException`).
 */
import type { OptimizedNames, ServiceDescription } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { TaskError } from "../errors.ts";
import type { Integration, TaskCall } from "../integration.ts";

/** How a client names a service's errors. */
export interface ErrorNames {
  readonly prefix: string;
  /** Stands for the codes that the service's API description does not name. */
  readonly unmodelled: string;
  readonly service: ServiceDescription;
  /** What the older SDK calls itself; absent for an SDK integration. */
  readonly client?: string;
}

/** Makes tasks' errors, each with a request id of its own. */
export interface TaskErrors {
  /** Returns a service's error as the task's. An error without an AWS code is a fault of the platform; it is returned unchanged. */
  of(error: unknown, names: ErrorNames): unknown;
  /** Returns a call of a service as a task; its errors get the service's names. */
  transactional(names: ErrorNames, call: (tx: Transaction, parameters: JsonObject, task: TaskCall) => JsonObject): Integration;
}

/** Returns the names that a service's errors have in SDK integrations. */
export function sdkNames(service: ServiceDescription): ErrorNames {
  return { prefix: service.sdk.errors, unmodelled: `${service.sdk.errors}Exception`, service };
}

/** Returns the names that a service's errors have in its optimized integrations. */
export function optimizedNames(service: ServiceDescription, { errors, client, unmodelled }: OptimizedNames): ErrorNames {
  return { prefix: errors, unmodelled, client, service };
}

/**
 * Returns the mapping of services' errors to those of tasks.
 * @param requestId makes the request id that AWS's causes quote
 */
export function createTaskErrors(requestId: () => string): TaskErrors {
  function of(error: unknown, names: ErrorNames): unknown {
    if (!(error instanceof Error && "code" in error && typeof error.code === "string")) return error;
    return new TaskError(`${names.prefix}.${nameOf(error.code, names)}`, causeOf(error.code, error.message, names));
  }

  function causeOf(code: string, message: string, { prefix, client, service }: ErrorNames): string {
    const status = service.errors.statuses?.[code] ?? 400;
    if (client === undefined)
      return `${message} (Service: ${prefix}, Status Code: ${status}, Request ID: ${requestId()}) (SDK Attempt Count: 1)`;
    const olderCode = service.errors.queryCodes?.[code] ?? code;
    return `${message} (Service: ${client}; Status Code: ${status}; Error Code: ${olderCode}; Request ID: ${requestId()}; Proxy: null)`;
  }

  return {
    of,
    transactional: (names, call) => ({
      kind: "transactional",
      call(tx, parameters, task) {
        try {
          return call(tx, parameters, task);
        } catch (error) {
          throw of(error, names);
        }
      },
    }),
  };
}

/** Codes that few services name. */
const seldomModelled = ["ValidationException", "UnknownOperationException"];

/** The class that the SDK has for the code. */
function nameOf(code: string, { unmodelled, service: { errors } }: ErrorNames): string {
  const isModelled = errors.modelled?.includes(code) ?? false;
  if (!isModelled && (seldomModelled.includes(code) || errors.unmodelled?.includes(code))) return unmodelled;
  return code.endsWith("Exception") ? code : `${code}Exception`;
}
