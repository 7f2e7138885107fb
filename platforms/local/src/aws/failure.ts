import type { AwsServiceError, ServiceDescription } from "@serverlesspresso/aws-service";
import { Refusal } from "@serverlesspresso/blueprint/edge/refusal.ts";
import type { JsonObject } from "@serverlesspresso/ports";
import { StoreError } from "@serverlesspresso/store";

/** A failure as a caller of AWS sees it; it says nothing of the inside. */
export class AwsFailure extends Error {
  override readonly name = "AwsFailure";
  readonly status: number;
  readonly code: string;
  /** What the query protocol calls it, where that is another name. */
  readonly queryCode: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Further members of the answer, e.g. `CancellationReasons`. */
  readonly data: JsonObject;
  constructor(
    status: number,
    code: string,
    message: string,
    { queryCode, headers = {}, data = {} }: { queryCode?: string; headers?: Readonly<Record<string, string>>; data?: JsonObject } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.queryCode = queryCode;
    this.headers = headers;
    this.data = data;
  }
}

/** What is known of the process in which a call failed. */
export interface Faults {
  /** Whether a flush failed. From then on nothing can be stored. */
  readonly hasStoreFailed: () => boolean;
  readonly onError: (error: unknown, what: string) => void;
}

/** Any error of a service as its caller sees it; `onError` gets what is no service's own. */
export function failureOf(error: unknown, service: ServiceDescription | undefined, { onError, hasStoreFailed }: Faults): AwsFailure {
  if (error instanceof AwsFailure) return error;
  if (error instanceof Refusal) return refused(error);
  if (error instanceof StoreError) {
    onError(error, "aws call");
    return unavailable();
  }
  const { code, data, retryAfterSeconds } = error as Partial<Pick<AwsServiceError, "code" | "data" | "retryAfterSeconds">>;
  if (error instanceof Error && typeof code === "string" && error.name === code) {
    const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    const status = service?.errors.statuses?.[code] ?? 400;
    return new AwsFailure(status, code, error.message, { headers, ...(data !== undefined && { data }) });
  }
  onError(error, "aws call");
  // What failed for it, behind a function or a workflow, has lost the reason on its way here.
  return hasStoreFailed() ? unavailable() : new AwsFailure(500, "InternalFailure", "The request could not be processed");
}

function unavailable(): AwsFailure {
  return new AwsFailure(503, "ServiceUnavailableException", "The service is unavailable", { headers: { "retry-after": "5" } });
}

function refused({ problem: { status }, message, headers }: Refusal): AwsFailure {
  return new AwsFailure(status, status === 413 ? "RequestEntityTooLargeException" : "SerializationException", message, { headers });
}
