/** Checks targets as `PutTargets` does, with AWS's messages. */
import { EventBusError } from "./errors.ts";
import { isEventPath } from "./event-path.ts";
import { serviceOf, type Target } from "./rule.ts";

const arnShape = /^arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+$/;

/**
 * Throws if a target is invalid.
 * @param services the services to whose targets events are delivered
 * @throws {EventBusError} `ValidationException` that names the target
 */
export function checkTarget(target: Target, services: readonly string[]): void {
  checkArn(target, services);
  checkInput(target);
  checkDeadLetterQueue(target.DeadLetterConfig?.Arn);
}

function checkArn({ Id, Arn, SqsParameters }: Target, services: readonly string[]): void {
  if (!arnShape.test(Arn)) throw wrongArn(Arn);
  if (!services.includes(serviceOf(Arn))) {
    const known = services.join(", ");
    throw invalid(`Parameter ${Arn} is not valid. Reason: Events are not delivered to ${serviceOf(Arn)} here, but to ${known}.`);
  }
  if (!Arn.endsWith(".fifo") || serviceOf(Arn) !== "sqs") return;
  const group = (SqsParameters as { readonly MessageGroupId?: unknown } | undefined)?.MessageGroupId;
  if (typeof group !== "string" || group === "") throw invalid(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
}

function checkInput({ Id, Input, InputPath, InputTransformer }: Target): void {
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined && !isJson(Input)) throw invalid(`JSON syntax error in input for target ${Id}.`);
  if (InputPath !== undefined && InputPath !== "" && !isEventPath(InputPath)) throw invalid(`Invalid InputPath for target ${Id}.`);
  for (const [name, path] of Object.entries(InputTransformer?.InputPathsMap ?? {})) {
    if (/^aws\./i.test(name)) throw invalid(`Invalid InputPathsMap for target ${Id}: ${name} begins with AWS, which is reserved.`);
    if (!isEventPath(path)) throw invalid(`Invalid InputPathsMap for target ${Id}: ${name} is ${path}, expected a path such as $.detail.`);
  }
}

function checkDeadLetterQueue(arn: string | undefined): void {
  if (arn === undefined) return;
  if (!arnShape.test(arn) || serviceOf(arn) !== "sqs") throw wrongArn(arn);
  if (arn.endsWith(".fifo")) throw invalid(`Parameter ${arn} is not valid. Reason: A dead-letter queue must be a standard queue.`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function wrongArn(arn: string): EventBusError {
  return invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
}

function invalid(message: string): EventBusError {
  return new EventBusError("ValidationException", message);
}
