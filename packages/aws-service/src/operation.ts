import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { z } from "zod";
import type { HttpBinding } from "./http-binding.ts";
import { type Page, type PagingRules, pageOf } from "./paging.ts";
import type { ParseRequest } from "./request.ts";

/** Who calls over the wire, and from where. */
export interface AwsCaller {
  readonly address: string;
  /** Scheme and host by which the caller reached us. */
  readonly origin: string;
  /** Ends when the caller has gone. */
  readonly signal: AbortSignal;
}

/** What a service does for each of its operations. */
export interface Frame {
  readonly operation: string;
  readonly parse: ParseRequest;
  readonly paging: PagingRules | undefined;
}

/** What is said of an operation beside what it does. */
export interface OperationOptions {
  /** Needs no signature: it carries its own proof. */
  readonly isPublic?: boolean;
  /** Of an operation that waits: it changes nothing. */
  readonly isReading?: boolean;
  /** Where it is in a REST protocol. */
  readonly http?: HttpBinding;
  /** Members that are JSON texts, for which a workflow's SDK integration may give the value itself: an execution's `input`. */
  readonly jsonTexts?: readonly string[];
  /** Members that are JSON values here, of a request and of an answer, and texts where an SDK has them: a function's `Payload`. */
  readonly jsonBlobs?: readonly string[];
  /** What consumers and producers do without end; the audit log leaves it out, as CloudTrail leaves out data events. */
  readonly isStreaming?: boolean;
  /**
   * How a workflow's state calls it by its SDK integration: `transactional`, within the transition that it belongs to; `external`, after it and
   * perhaps twice; `none`, not at all. By default what reads or writes is transactional, and what waits external.
   */
  readonly fromWorkflows?: "transactional" | "external" | "none";
  /** Of one that reads or writes and has an optimized integration too, named after its service's `optimized`. */
  readonly optimized?: OptimizedForm;
}

/** What is different in an optimized integration; nothing where it is empty. */
export interface OptimizedForm {
  /** Returns the SDK's request out of a state's parameters. */
  readonly request?: (parameters: JsonObject) => JsonObject;
  /** Returns the name of the error that an answer is to the task, e.g. `FailedEntry`; what the call wrote is then taken back. */
  readonly failureIn?: (answer: JsonObject) => string | undefined;
}

/** What is known of an operation without its engine. */
export interface OperationDescription extends OperationOptions {
  readonly kind: "read" | "write" | "wait";
  /** Whether a call over the wire waits: it makes its transactions itself. */
  readonly waits: boolean;
  /** Whether it reads in pages. */
  readonly isPaged?: boolean;
  readonly input: z.ZodType;
}

/** Whether an operation may change something. */
export function isChanging({ kind, isReading = false }: OperationDescription): boolean {
  return kind !== "read" && !isReading;
}

/** An operation that only looks. */
interface ReadOperation<Engine> extends OperationDescription {
  readonly kind: "read";
  readonly waits: false;
  perform(frame: Frame, engine: Engine, view: ReadView, request: JsonObject): JsonObject;
}
/** An operation that changes the store, within one transaction. */
interface WriteOperation<Engine> extends OperationDescription {
  readonly kind: "write";
  readonly waits: false;
  perform(frame: Frame, engine: Engine, tx: Transaction, request: JsonObject): JsonObject;
}
/** The same, with another way over the wire, where it may wait before its transaction. */
interface WaitingWrite<Engine> extends Omit<WriteOperation<Engine>, "waits"> {
  readonly waits: true;
  readonly wait: Wait<Engine>;
}
/** An operation that takes its time, and makes its transactions itself. */
interface WaitOperation<Engine> extends OperationDescription {
  readonly kind: "wait";
  readonly waits: true;
  readonly wait: Wait<Engine>;
}
type Wait<Engine> = (frame: Frame, engine: Engine, request: JsonObject, caller: AwsCaller) => Promise<JsonObject>;
/** What a service does for one name. */
export type Operation<Engine> = ReadOperation<Engine> | WriteOperation<Engine> | WaitingWrite<Engine> | WaitOperation<Engine>;

type Waiting<Engine> = (engine: Engine, request: JsonObject, caller: AwsCaller) => Promise<JsonObject>;

/** The verbs that make the operations of services whose `run` is given `Engine`. */
export interface OperationVerbs<Engine> {
  read<Input extends z.ZodType>(
    input: Input,
    run: (engine: Engine, view: ReadView, input: z.output<Input>) => JsonObject,
    options?: OperationOptions,
  ): Operation<Engine>;
  /** One that reads in pages (`AwsService.paging`). A token that is not of this request is refused before it runs, whether it asks for its page or not. */
  list<Input extends z.ZodType>(
    input: Input,
    run: (engine: Engine, view: ReadView, input: z.output<Input>, page: Page) => JsonObject,
    options?: OperationOptions & { readonly paging?: Partial<PagingRules> },
  ): Operation<Engine>;
  /** @param options `wait`: what a call over the wire does instead; it parses the request itself */
  write<Input extends z.ZodType>(
    input: Input,
    run: (engine: Engine, tx: Transaction, input: z.output<Input>) => JsonObject,
    options?: OperationOptions & { readonly wait?: Waiting<Engine> },
  ): Operation<Engine>;
  wait<Input extends z.ZodType>(
    input: Input,
    run: (engine: Engine, input: z.output<Input>, caller: AwsCaller) => Promise<JsonObject>,
    options?: OperationOptions,
  ): Operation<Engine>;
}

/** The verbs for one engine: `const { read, write } = operationsOn<MetricsEngine>()`. */
export function operationsOn<Engine>(): OperationVerbs<Engine> {
  return {
    read: (input, run, options) => ({
      ...options,
      kind: "read",
      waits: false,
      input,
      perform: ({ parse }, engine, view, request) => run(engine, view, parse(input, request)),
    }),
    list: (input, run, { paging, ...options } = {}) => ({
      ...options,
      kind: "read",
      waits: false,
      isPaged: true,
      input,
      perform(frame, engine, view, request) {
        if (frame.paging === undefined) throw new TypeError(`${frame.operation} reads in pages; its service has no rules for them`);
        return run(engine, view, frame.parse(input, request), pageOf({ ...frame.paging, ...paging }, frame.operation, request));
      },
    }),
    write(input, run, { wait, ...options } = {}) {
      const write: WriteOperation<Engine> = {
        ...options,
        kind: "write",
        waits: false,
        input,
        perform: ({ parse }, engine, tx, request) => run(engine, tx, parse(input, request)),
      };
      return wait === undefined
        ? write
        : { ...write, waits: true, wait: (_frame, engine, request, caller) => wait(engine, request, caller) };
    },
    wait: (input, run, options) => ({
      ...options,
      kind: "wait",
      waits: true,
      input,
      // Not at once, so that a refusal rejects.
      wait: async ({ parse }, engine, request, caller) => run(engine, parse(input, request), caller),
    }),
  };
}
