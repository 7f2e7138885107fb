/** Every failure an AWS caller of CloudWatch would see. `name` and `code` are AWS's. */
export class MetricsError extends Error {
  readonly code: MetricsErrorCode;
  constructor(code: MetricsErrorCode, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}
export type MetricsErrorCode =
  | "InvalidParameterValue"
  | "DashboardNotFoundError"
  | "DashboardInvalidInputError"
  | "UnknownOperationException";
