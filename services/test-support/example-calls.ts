import type { Names } from "@serverlesspresso/contract";
import type { FunctionDeclaration, Service } from "../declaration.ts";
import type { FunctionSource } from "../edges/function-source.ts";
import type { ExampleParts } from "./example-event.ts";

/** A call of a service's function. */
export interface FunctionCall {
  readonly name: string;
  readonly handler: FunctionSource;
  readonly parts: ExampleParts;
  /** Whether the service gives it, or its schemas make it. */
  readonly isGiven: boolean;
}

/** Returns calls of all functions of a service in turn: its examples, then one for each function without an example. */
export function exampleCalls({ declare }: Pick<Service, "declare">, names: Names): FunctionCall[] {
  const { functions, examples = [] } = declare(names);
  const given = examples.flatMap(({ function: name, ...parts }) => {
    const handler = functions[name]?.handler;
    return handler === undefined ? [] : [{ name, handler, parts, isGiven: true }];
  });
  const others = Object.entries<FunctionDeclaration>(functions).filter(([name]) => !given.some((call) => call.name === name));
  return [...given, ...others.map(([name, { handler }]) => ({ name, handler, parts: {}, isGiven: false }))];
}

/** Where a call goes that a test finds missing. */
export const whereCallsGo = "a call that takes a function another way goes into `examples` in services/NAME/service.ts";
