import { AwsServiceError, type ValidationFault } from "@serverlesspresso/aws-service";

/** A failure of the engine as an AWS caller sees it: `name` and `code` are AWS's code, `message` AWS's words. Thrown before anything is written. */
export class WorkflowError extends AwsServiceError {}

/** The error for a request that does not fit its schema: it names the member, what it has and what was expected. */
export function refusal({ message }: ValidationFault): WorkflowError {
  return new WorkflowError("ValidationException", message);
}

/** The error for a token that no page gave. */
export function invalidPage(): WorkflowError {
  return new WorkflowError("InvalidToken", "Invalid Token: 'Invalid token'");
}

/** What AWS says where Express workflows do not have it. */
export function typeNotSupported(): WorkflowError {
  return new WorkflowError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
}

/** How an integration says that its task failed: `error` is what Retry and Catch compare, e.g. `DynamoDB.ConditionalCheckFailedException`. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  readonly error: string;
  override readonly cause: string;
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}
