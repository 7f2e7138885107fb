import { AwsServiceError, type ValidationFault } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";

/** DynamoDB's error codes that this package gives. */
export type TablesErrorCode =
  | "ConditionalCheckFailedException"
  | "ExpiredIteratorException"
  | "IdempotentParameterMismatchException"
  | "LimitExceededException"
  | "ResourceInUseException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "TableNotFoundException"
  | "TransactionCanceledException"
  | "TrimmedDataAccessException"
  | "ValidationException";

/** Every failure that a caller of DynamoDB sees; `data` has its further members (`Item`, `CancellationReasons`). */
export class TablesError extends AwsServiceError<TablesErrorCode> {}

/** What only the table's schema shows to be wrong. A transaction treats it as a condition that fails: it becomes a cancellation reason. */
export class SchemaMismatchError extends TablesError {
  constructor(message: string) {
    super("ValidationException", message);
  }
}

/** A request that DynamoDB refuses before it looks at any item. */
export function invalid(message: string): TablesError {
  return new TablesError("ValidationException", message);
}

/** AWS's message for a member outside its constraint. */
export function constraint(value: string | number | null, name: string, rule: string): TablesError {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  const shown = value === null ? "null" : `'${value}'`;
  return invalid(`1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: ${rule}`);
}

/** The error for a request that does not fit its schema: of another JSON type, outside a constraint, or wrong as the schema itself says it. */
export function refusal({ path, value, constraint: rule, message }: ValidationFault): TablesError {
  const isWrongType = /^Member must be /.test(rule) || (typeof value !== "string" && rule.startsWith("Member must satisfy enum"));
  if (isWrongType) return new TablesError("SerializationException", `Unexpected value type in payload for ${path.split(".").at(-1)}`);
  return invalid(/^Member (must|is) /.test(rule) ? message : rule);
}

/** One entry of `CancellationReasons`. */
export type CancellationReason = { readonly Code: string; readonly Message?: string; readonly Item?: JsonObject };

/** A transaction that was cancelled: one reason for each of its items, `None` where it would have passed. */
export class TransactionCanceledError extends TablesError {
  /** The reasons as services read them. */
  readonly cancellationReasons: readonly { readonly code: string; readonly message?: string }[];
  constructor(reasons: readonly CancellationReason[]) {
    const codes = reasons.map((reason) => reason.Code).join(", ");
    super("TransactionCanceledException", `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`, {
      data: { CancellationReasons: reasons },
    });
    this.cancellationReasons = reasons.map(({ Code, Message }) =>
      Message === undefined ? { code: Code } : { code: Code, message: Message },
    );
  }
}
