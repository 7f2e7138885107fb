/** Functions: calls, lambdas, and `~>`, which passes a value to one. */
import { apply, Lambda, TailCall } from "./apply.ts";
import type { Compiler, Evaluate } from "./compiler.ts";
import { bind, type Frame } from "./frame.ts";
import { leave } from "./run.ts";
import { type Node, NotBounded, nodeOf, nodesOf, textOf } from "./syntax.ts";
import { BuiltIn, Callable, type Value } from "./values.ts";

/** Compiles a call. */
export function compileCall(node: Node, compiler: Compiler): Evaluate {
  const { procedure, evaluateArguments } = partsOf(node, compiler);
  return (input, frame) => {
    const called = procedure(input, frame);
    return apply(called, evaluateArguments(input, frame).map(passed), input, frame.run);
  };
}

/** Compiles `value ~> function`. */
export function compileChain({ lhs, rhs }: Node, compiler: Compiler): Evaluate {
  const [value, right] = [compiler.compile(nodeOf(lhs)), nodeOf(rhs)];
  if (right.type === "function") {
    const { procedure, evaluateArguments } = partsOf(right, compiler);
    return (input, frame) => {
      const first = unchained(value(input, frame));
      const called = procedure(input, frame);
      return apply(called, [first, ...evaluateArguments(input, frame).map(passed)], input, frame.run);
    };
  }
  const evaluate = compiler.compile(right);
  return (input, frame) => {
    const first = unchained(value(input, frame));
    return apply(evaluate(input, frame), [first], null, frame.run);
  };
}

/** Chains of functions alone are for the thread. */
function unchained(value: Value): Value {
  return value instanceof Callable ? leave() : value;
}

function partsOf(
  node: Node,
  { compile }: Compiler,
): { readonly procedure: Evaluate; evaluateArguments(input: Value, frame: Frame): Value[] } {
  const args = nodesOf(node.arguments).map((each) => compile(each));
  return {
    procedure: compile(nodeOf(node.procedure)),
    evaluateArguments: (input, frame) => args.map((evaluate) => evaluate(input, frame)),
  };
}

/** A function that is an argument is called without a context. */
function passed(value: Value): Value {
  if (!(value instanceof Callable)) return value;
  return new Callable(value.arity, (args, _context, run) => apply(value, args, null, run));
}

/** Compiles a lambda, or the call at the end of one. */
export function compileLambda(node: Node, compiler: Compiler): Evaluate {
  const { signature, thunk, body: written } = node;
  if (signature !== undefined) throw new NotBounded("a lambda with a signature");
  if (thunk === true) return compileTailCall(nodeOf(written), compiler);
  const names = nodesOf(node.arguments).map(({ value }) => textOf(value));
  const body = compiler.compile(nodeOf(written));
  return (input, outer) =>
    new Lambda(names.length, input, (args, _context, run) => {
      const frame: Frame = { run, outer, bound: undefined };
      for (const [i, name] of names.entries()) bind(frame, name, args[i]);
      return body(input, frame);
    });
}

/** What a tail call is made with is known as soon as the lambda returns: nothing changes between. */
function compileTailCall(call: Node, compiler: Compiler): Evaluate {
  if (call.type !== "function" || call.group !== undefined) throw new NotBounded("another tail call");
  const { procedure, evaluateArguments } = partsOf(call, compiler);
  return (input, frame) => new TailCall(procedure(input, frame), evaluateArguments(input, frame).map(passedOn));
}

/** JSONata fails where a built-in function is an argument of a tail call. */
function passedOn(value: Value): Value {
  return value instanceof BuiltIn ? leave() : value;
}
