/** Compiles a syntax tree to closures, each the package's `evaluate` of one kind of node. */
import { compileCall, compileChain, compileLambda } from "./compile-calls.ts";
import { compileGroup, compileObject } from "./compile-groups.ts";
import { compileDescendants, compileName, compilePath, compileWildcard } from "./compile-paths.ts";
import { type Compiler, type Evaluate, namesBound, refuseBinds } from "./compiler.ts";
import { compileFilters } from "./filters.ts";
import { bind, type Frame, frameOf } from "./frame.ts";
import { builtInOf } from "./functions/table.ts";
import { binaryOperator } from "./operators.ts";
import { leave, spend } from "./run.ts";
import { type Node, NotBounded, nodeOf, nodesOf, textOf } from "./syntax.ts";
import { booleanOf, collapsed, isList, isNumeric, type MadeList, noFunction, type Value } from "./values.ts";

/** @throws {NotBounded} if the expression is for the thread */
export function compileTree(root: Node): Evaluate {
  const bound = namesBound(root);
  const compiler: Compiler = { compile: (node) => compileNode(node, compiler), binds: (name) => bound.has(name) };
  return compiler.compile(root);
}

const kinds: Readonly<Record<string, (node: Node, compiler: Compiler) => Evaluate>> = {
  path: compilePath,
  name: compileName,
  wildcard: compileWildcard,
  descendant: compileDescendants,
  string: compileLiteral,
  number: compileLiteral,
  value: compileLiteral,
  variable: compileVariable,
  binary: compileBinary,
  unary: compileUnary,
  condition: compileCondition,
  block: compileBlock,
  bind: compileBind,
  function: compileCall,
  lambda: compileLambda,
  apply: compileChain,
};

function compileNode(node: Node, compiler: Compiler): Evaluate {
  const compileKind = Object.hasOwn(kinds, node.type) ? kinds[node.type] : undefined;
  if (compileKind === undefined) throw new NotBounded(`a node of type ${node.type}`);
  let evaluate = compileKind(node, compiler);
  if (node.predicate !== undefined) evaluate = compileFilters(node.predicate, evaluate, compiler);
  if (node.type !== "path" && node.group !== undefined) evaluate = compileGroup(node.group, evaluate, compiler);
  return compileEnd(node, evaluate);
}

/** Counts the step, and returns for a sequence what it stands for. */
function compileEnd(node: Node, evaluate: Evaluate): Evaluate {
  const { keepArray } = node;
  if (keepArray !== true) {
    return (input, frame) => {
      spend(frame.run, 1);
      return collapsed(evaluate(input, frame));
    };
  }
  return (input, frame) => {
    spend(frame.run, 1);
    return collapsed(kept(evaluate(input, frame)));
  };
}

/** Returns the sequence with the mark that keeps it a list. A copy: another may hold the sequence without it. */
export function kept(value: Value): Value {
  if (!isList(value) || value.sequence !== true || value.keepSingleton) return value;
  const copy: MadeList = [...value];
  copy.sequence = true;
  copy.keepSingleton = true;
  return copy;
}

function compileLiteral({ value }: Node): Evaluate {
  if (value !== null && !["string", "number", "boolean"].includes(typeof value)) throw new NotBounded("a literal of another type");
  const literal = value as null | string | number | boolean;
  return () => literal;
}

function compileVariable({ value }: Node, { binds }: Compiler): Evaluate {
  const name = textOf(value);
  if (name === "") return (input) => input;
  const builtIn = builtInOf(name);
  const assigned: Evaluate = (_input, { run }) => (Object.hasOwn(run.variables, name) ? run.variables[name] : builtIn);
  if (!binds(name)) return assigned;
  return (input, frame) => {
    const scope = frameOf(frame, name);
    return scope === undefined ? assigned(input, frame) : scope.bound?.get(name);
  };
}

function compileBinary({ value, lhs, rhs }: Node, { compile }: Compiler): Evaluate {
  const [left, right] = [compile(nodeOf(lhs)), compile(nodeOf(rhs))];
  if (value === "and") {
    return (input, frame) => booleanOf(frame.run, left(input, frame)) === true && booleanOf(frame.run, right(input, frame)) === true;
  }
  if (value === "or") {
    return (input, frame) => booleanOf(frame.run, left(input, frame)) === true || booleanOf(frame.run, right(input, frame)) === true;
  }
  const operate = binaryOperator(textOf(value));
  return (input, frame) => {
    const one = noFunction(left(input, frame));
    return operate(frame.run, one, noFunction(right(input, frame)));
  };
}

function compileUnary(node: Node, compiler: Compiler): Evaluate {
  if (node.value === "{") return compileObject(node, compiler);
  if (node.value === "[") return compileArray(node, compiler);
  if (node.value !== "-") throw new NotBounded("another operator");
  const evaluate = compiler.compile(nodeOf(node.expression));
  return (input, frame) => {
    const value = evaluate(input, frame);
    if (value === undefined) return undefined;
    return isNumeric(value) ? -value : leave();
  };
}

function compileArray({ expressions, consarray }: Node, { compile }: Compiler): Evaluate {
  const nodes = nodesOf(expressions);
  if (nodes.length > 1) refuseBinds(nodes);
  const members = nodes.map((node) => ({ isArray: node.value === "[", evaluate: compile(node) }));
  return (input, frame) => {
    const made: MadeList = [];
    for (const { isArray, evaluate } of members) {
      const value = noFunction(evaluate(input, frame));
      if (value === undefined) continue;
      if (isArray || !isList(value)) made.push(value);
      else {
        spend(frame.run, value.length);
        made.push(...value);
      }
    }
    if (consarray === true) made.cons = true;
    return made;
  };
}

function compileCondition(node: Node, { compile }: Compiler): Evaluate {
  const [condition, then] = [compile(nodeOf(node.condition)), compile(nodeOf(node.then))];
  const otherwise = node.else === undefined ? () => undefined : compile(nodeOf(node.else));
  return (input, frame) => {
    const isTrue = booleanOf(frame.run, noFunction(condition(input, frame))) === true;
    return isTrue ? then(input, frame) : otherwise(input, frame);
  };
}

function compileBlock({ expressions }: Node, { compile }: Compiler): Evaluate {
  const parts = nodesOf(expressions).map(compile);
  return (input, outer) => {
    let value: Value;
    const frame: Frame = { run: outer.run, outer, bound: undefined };
    for (const evaluate of parts) value = evaluate(input, frame);
    return value;
  };
}

function compileBind({ lhs, rhs }: Node, { compile }: Compiler): Evaluate {
  const name = textOf(nodeOf(lhs).value);
  const evaluate = compile(nodeOf(rhs));
  return (input, frame) => {
    const value = evaluate(input, frame);
    bind(frame, name, value);
    return value;
  };
}
