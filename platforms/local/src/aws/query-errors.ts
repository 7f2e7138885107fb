import type { ServiceErrors } from "@serverlesspresso/aws-service";
import type { AwsFailure } from "./failure.ts";

type Named = Pick<AwsFailure, "code"> & Partial<Pick<AwsFailure, "queryCode">>;

/** What the query protocol of a service calls a failure. */
export function queryErrorCode(errors: Pick<ServiceErrors, "queryCodes"> | undefined, { code, queryCode }: Named): string {
  return queryCode ?? errors?.queryCodes?.[code] ?? code;
}

/** Returns the header that gives clients of the newer protocols the older name, as SQS and CloudWatch do. */
export function queryErrorHeader(errors: ServiceErrors | undefined, failure: AwsFailure): Record<string, string> {
  if (errors?.queryCodes === undefined) return {};
  return { "x-amzn-query-error": `${queryErrorCode(errors, failure)};${failure.status < 500 ? "Sender" : "Receiver"}` };
}
