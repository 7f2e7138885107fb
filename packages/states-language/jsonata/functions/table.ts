/** All built-in functions of this evaluator. */
import { ownFunctions } from "../../evaluator/bounds.ts";
import { arrangeBy } from "../signatures.ts";
import { NotBounded } from "../syntax.ts";
import { BuiltIn } from "../values.ts";
import { functionsOfAws } from "./aws.ts";
import type { Entry } from "./entry.ts";
import { higherOrderFunctions } from "./higher-order.ts";
import { listFunctions } from "./lists.ts";
import { numberFunctions } from "./numbers.ts";
import { textFunctions } from "./texts.ts";

const entries = Object.entries({ ...textFunctions, ...numberFunctions, ...listFunctions, ...higherOrderFunctions, ...functionsOfAws });
const builtIns = new Map(entries.map(([name, entry]) => [name, builtIn(entry)]));
/** The names that this process leaves to the thread. */
const others = new Set(ownFunctions.filter((name) => !builtIns.has(name)));

function builtIn([signature, arity, act]: Entry): BuiltIn {
  const arrange = arrangeBy(signature);
  return new BuiltIn(arity, (args, context, run) => act(arrange(args, context, run), run));
}

/**
 * Returns the built-in function of a name; undefined for a name that JSONata does not know.
 * @throws {NotBounded} for a function that only the thread has
 */
export function builtInOf(name: string): BuiltIn | undefined {
  if (others.has(name)) throw new NotBounded(`$${name}`);
  return builtIns.get(name);
}
