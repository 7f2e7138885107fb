import { AwsServiceError } from "@serverlesspresso/aws-service";

/** Every failure that a caller of CloudWatch sees. */
export class MetricsError extends AwsServiceError<MetricsErrorCode> {}
/** CloudWatch's codes that this package gives. */
export type MetricsErrorCode = "InvalidParameterValue" | "DashboardNotFoundError" | "DashboardInvalidInputError";
