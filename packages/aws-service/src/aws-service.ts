/**
 * An AWS service over the store: what it answers stands once, in one definition, and everything that speaks of it follows from that: dispatch,
 * parsing, paging, refusals, wire protocols, workflows' SDK integrations, the list in the documentation.
 *
 * D1. A request is parsed before its operation sees it. What does not fit is refused in the service's own error and words (`errors.invalid`), and nothing was written.
 * D2. What reads is given a view, what writes a transaction. Over the wire each call has a transaction of its own: it sees all that ran before it, and is
 *     answered when that, and what it wrote, is durable.
 * D3. What waits (a long poll, a call of something outside the store) makes its transactions itself, and ends when its caller has gone.
 * D4. An operation that is not in the definition is refused as unknown, whatever its name, also members of JavaScript's prototypes.
 * D5. Schemas are built once, with the module. A call costs one look-up beside its parsing and its work.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Store, Transaction } from "@serverlesspresso/store";
import type { Absence } from "./absence.ts";
import type { AwsCaller, Frame, Operation, OperationDescription } from "./operation.ts";
import type { PagingRules } from "./paging.ts";
import { withMembers } from "./query-members.ts";
import type { QueryShapes } from "./query-shapes.ts";
import { requestParser } from "./request.ts";
import { AwsServiceError } from "./service-error.ts";
import type { ValidationFault } from "./validation-words.ts";

/** The protocol that AWS's present SDKs speak to a service. Each service answers JSON 1.0, JSON 1.1 and CBOR alike, and the query protocol where it has `query`. */
export type Protocol = "json-1.0" | "json-1.1" | "cbor" | "query" | "rest-json";

/** How a service refuses. */
export interface ServiceErrors {
  /** The error for a request that does not fit its schema. */
  readonly invalid: (fault: ValidationFault) => AwsServiceError;
  /** The error of a REST service for a body that is no JSON. */
  readonly notJson?: (reason: string) => AwsServiceError;
  /** Codes whose HTTP status is not 400. */
  readonly statuses?: Readonly<Record<string, number>>;
  /** What its older query protocol calls a code; clients of that time look for it. */
  readonly queryCodes?: Readonly<Record<string, string>>;
  /** Codes that few API descriptions name and this service's does: `ValidationException`. */
  readonly modelled?: readonly string[];
  /** Codes that its API description does not name, so that SDKs have no class for them. */
  readonly unmodelled?: readonly string[];
}

/** The names of a service's optimized integrations of workflows, which call it with an older SDK. */
export interface OptimizedNames {
  /** In a resource: `sqs` of `sqs:sendMessage`. */
  readonly service: string;
  /** Before an error's name: `SQS`. */
  readonly errors: string;
  /** What the older SDK calls itself in an error's cause: `AmazonSQS`. */
  readonly client: string;
  /** The error for codes that the API description does not name: `AmazonSQSException`. */
  readonly unmodelled: string;
}

/** What is said of a service; `defineAwsService` adds what follows from it. */
export interface AwsServiceDefinition<Engine> {
  /** As people call it: `EventBridge`. */
  readonly name: string;
  /** As calls name it, in `X-Amz-Target` and in the path of CBOR: `AWSEvents`. */
  readonly target: string;
  /** As the scope of a signature names it, the usual one first: `events`. */
  readonly signingNames: readonly [string, ...string[]];
  /** As SDK integrations of workflows name it, in a resource (`aws-sdk:eventbridge:putRule`) and before an error (`EventBridge.…`). */
  readonly sdk: { readonly service: string; readonly errors: string };
  /** Its optimized integrations, where it has them: those of its operations that say `optimized`. */
  readonly optimized?: OptimizedNames;
  readonly protocol: Protocol;
  /** Where its wire has members in camelCase; SDK integrations have them in PascalCase. */
  readonly isCamelCase?: boolean;
  /** The longest request, in bytes. */
  readonly mostBytes: number;
  /** Members whose numbers are instants, in seconds. JSON writes them as they are; CBOR and XML have forms of their own. */
  readonly instants?: readonly string[];
  /** Its older query protocol, where it has one. */
  readonly query?: QueryShapes;
  readonly errors: ServiceErrors;
  /** An answer over the wire as its caller needs it, e.g. with addresses under which it reached us. */
  readonly forCaller?: (answer: JsonObject, caller: AwsCaller) => JsonObject;
  readonly paging?: PagingRules;
  /** What it answers, and what AWS has and it has not (`absent`), side by side. */
  readonly operations: Readonly<Record<string, Operation<Engine> | Absence>>;
  /** Why whatever else AWS's service has is not there, where that is too much to name. */
  readonly outOfScope?: string;
}

/** A service as defined. */
export interface AwsService<Engine> extends ServiceDescription {
  readonly operations: Readonly<Record<string, Operation<Engine>>>;
  /** The service over an engine: what its operations' `run` is given. */
  on(engine: Engine): BoundService;
}

/** What is known of a service without its engine. */
export type ServiceDescription = Omit<AwsServiceDefinition<never>, "operations"> & {
  readonly operations: Readonly<Record<string, OperationDescription>>;
  /** Operations that AWS has and this service has not, and why: the refusal and the documents say it. */
  readonly absent: Readonly<Record<string, string>>;
};

/** A service's operations over its engine, by name, on the shapes of its JSON protocol. */
export interface BoundService {
  readonly service: ServiceDescription;
  /** The names of the operations there are. */
  readonly operations: readonly string[];
  /** Reads and writes, within a transaction. @throws {AwsServiceError} */
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  /** Reads alone; on a `Store` they see durable state. @throws {AwsServiceError} */
  query(view: ReadView, operation: string, request: JsonObject): JsonObject;
  /** One that waits. Rejects with {AwsServiceError}. */
  wait(operation: string, request: JsonObject, caller: AwsCaller): Promise<JsonObject>;
}

/** Defines a service. Once per module: its `operations` are the schemas (D5). */
export function defineAwsService<Engine>({ operations, query, ...definition }: AwsServiceDefinition<Engine>): AwsService<Engine> {
  const all = Object.entries(operations);
  const answered = all.flatMap(([name, operation]): [string, Operation<Engine>][] =>
    operation.kind === "absent" ? [] : [[name, operation]],
  );
  const missing = all.flatMap(([name, operation]): [string, string][] => (operation.kind === "absent" ? [[name, operation.reason]] : []));
  const spoken = query === undefined ? {} : { query: withMembers(definition.name, query, answered) };
  const description = { ...definition, ...spoken, operations: Object.fromEntries(answered), absent: Object.fromEntries(missing) };
  return { ...description, on: (engine) => bind(description, answered, engine) };
}

/**
 * Calls an operation as the wire does (D2, D3): durable before it resolves. Rejects with {AwsServiceError}, {StoreError}.
 * @param note called at the end of the transaction of an operation that does not wait
 */
export async function callOperation(
  store: Store,
  bound: BoundService,
  name: string,
  request: JsonObject,
  caller: AwsCaller,
  note: (tx: Transaction) => void = () => {},
): Promise<JsonObject> {
  const { operations, forCaller = (answer) => answer } = bound.service;
  const waits = Object.hasOwn(operations, name) && operations[name]?.waits === true;
  if (waits) return forCaller(await bound.wait(name, request, caller), caller);
  const answer = await store.transact((tx) => {
    const answered = bound.execute(tx, name, request);
    note(tx);
    return answered;
  });
  return forCaller(answer, caller);
}

function bind<Engine>(
  description: ServiceDescription,
  operations: readonly (readonly [string, Operation<Engine>])[],
  engine: Engine,
): BoundService {
  const parse = requestParser(description.errors.invalid);
  const { paging } = description;
  const frames = new Map(operations.map(([name, operation]) => [name, { operation, frame: { operation: name, parse, paging } }]));

  /** D4. */
  function find(name: string): { readonly operation: Operation<Engine>; readonly frame: Frame } {
    const found = frames.get(name);
    if (found === undefined) throw unknownOperation(name);
    return found;
  }

  return {
    service: description,
    operations: [...frames.keys()],
    execute(tx, name, request) {
      const { operation, frame } = find(name);
      if (operation.kind === "wait") throw unknownOperation(name);
      return operation.perform(frame, engine, tx, request);
    },
    query(view, name, request) {
      const { operation, frame } = find(name);
      if (operation.kind !== "read") throw unknownOperation(name);
      return operation.perform(frame, engine, view, request);
    },
    async wait(name, request, caller) {
      const { operation, frame } = find(name);
      if (!operation.waits) throw unknownOperation(name);
      return operation.wait(frame, engine, request, caller);
    },
  };
}

function unknownOperation(name: string): AwsServiceError {
  return new AwsServiceError("UnknownOperationException", `The operation ${name} is not supported.`);
}
