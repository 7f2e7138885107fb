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
  | "UnknownOperationException"
  | "ValidationException";

/** Every failure of this package, as a caller of DynamoDB would see it: `name` and `code` are AWS's, `data` its further members (`Item`, `CancellationReasons`). */
export class TablesError extends Error {
  override readonly name: TablesErrorCode;
  readonly code: TablesErrorCode;
  readonly data: JsonObject;
  constructor(code: TablesErrorCode, message: string, data: JsonObject = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.data = data;
  }
}

/**
 * What only the table's schema tells to be wrong. A transaction is told of it as of a condition that fails: by a cancellation reason.
 */
export class SchemaMismatchError extends TablesError {
  constructor(message: string) {
    super("ValidationException", message);
  }
}

/** A request that DynamoDB refuses before it looks at any item. */
export function invalid(message: string): TablesError {
  return new TablesError("ValidationException", message);
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
      CancellationReasons: reasons,
    });
    this.cancellationReasons = reasons.map(({ Code, Message }) =>
      Message === undefined ? { code: Code } : { code: Code, message: Message },
    );
  }
}
