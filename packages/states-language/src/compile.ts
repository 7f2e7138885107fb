/** Compiles a definition into a machine, and does here what needs to be done only once. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compileCondition, compileQueryCondition } from "./choice-rules.ts";
import {
  compileCatchers,
  compileComplete,
  compilePrepare,
  compileRetriers,
  compileText,
  type Language,
  objects,
} from "./compile-fields.ts";
import { compileMap } from "./compile-map.ts";
import { compileSeconds } from "./compile-seconds.ts";
import { compileWait } from "./compile-wait.ts";
import { DefinitionError } from "./errors.ts";
import { isObject } from "./frame.ts";
import type { ChoiceRule, Machine, Program, State } from "./machine.ts";
import { parseResource } from "./resource.ts";
import { compilePathTemplate, compileQueryTemplate } from "./templates.ts";
import { checkDefinition } from "./validation/validate.ts";

/** Expressions that may read the execution's input; without any of them the running execution does not keep it. */
const asksForInput =
  /(\$\$|\bcontext)(?!\.(State|StateMachine|Task|Map|Execution\.(Id|Name|StartTime|RoleArn|RedriveCount|RedriveTime))\b)|\$states(?!\s*\.\s*(input|result|errorOutput|context)\b)/;

/**
 * Compiles a definition once, for all its executions.
 * @throws {DefinitionError} with AWS's diagnostics if Step Functions would refuse it
 */
export function compile(definition: JsonValue): Machine {
  checkDefinition(definition);
  return compileWhole(definition);
}

/**
 * Compiles a definition that was accepted before, without the checks: a later release that refuses more stops no running execution. Each state is
 * compiled when it is first entered, so that no turn of the loop takes the time of a whole long definition.
 * @throws {DefinitionError} if the definition cannot be read at all; the machine throws it for a state that cannot be read
 */
export function compileAccepted(definition: JsonValue): Machine {
  return compileMachine(definition, statesWhenEntered);
}

/** Compiles every state of an accepted definition at once. @throws {DefinitionError} if a state cannot be read */
export function compileWhole(definition: JsonValue): Machine {
  return compileMachine(definition, statesAtOnce);
}

/** When the states of a program are compiled: each when first entered, or all at once. */
type StatesOf = (states: JsonObject, compileOne: (name: string) => State) => Program["states"];

const statesAtOnce: StatesOf = (states, compileOne) => new Map(Object.keys(states).map((name) => [name, compileOne(name)]));

const statesWhenEntered: StatesOf = (states, compileOne) => {
  const compiled = new Map<string, State>();
  return {
    keys: () => Object.keys(states).values(),
    get(name) {
      const known = compiled.get(name);
      if (known || !Object.hasOwn(states, name)) return known;
      const state = orDefinitionError(() => compileOne(name));
      compiled.set(name, state);
      return state;
    },
  };
};

function compileMachine(definition: JsonValue, statesOf: StatesOf): Machine {
  return orDefinitionError(() => {
    if (!isObject(definition)) throw new TypeError("the definition is not an object");
    const { TimeoutSeconds: timeoutSeconds } = definition;
    return {
      program: compileProgram(definition, languageOf(definition, "JSONPath"), statesOf),
      keepsInput: asksForInput.test(JSON.stringify(definition)),
      ...(typeof timeoutSeconds === "number" && { timeoutSeconds }),
    };
  });
}

function orDefinitionError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DefinitionError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new DefinitionError([{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message }]);
  }
}

function languageOf(part: JsonObject, around: Language): Language {
  return part.QueryLanguage === "JSONata" || part.QueryLanguage === "JSONPath" ? part.QueryLanguage : around;
}

function compileProgram(program: JsonObject, language: Language, statesOf: StatesOf): Program {
  if (typeof program.StartAt !== "string" || !isObject(program.States)) throw new TypeError("StartAt and States are required");
  const { StartAt: startAt, States: all } = program;
  if (!Object.hasOwn(all, startAt)) throw new TypeError(`StartAt is '${startAt}', expected one of ${Object.keys(all).join(", ")}`);
  const states = statesOf(all, (name) => {
    const state = all[name];
    if (!isObject(state)) throw new TypeError(`state '${name}' is not an object`);
    return compileState(name, state, languageOf(state, language), language, statesOf);
  });
  return { startAt, states };
}

/** Compiles one state. `around` is the query language of its program, which its own branches inherit. */
export function compileState(
  name: string,
  state: JsonObject,
  language: Language,
  around: Language,
  statesOf: StatesOf = statesAtOnce,
): State {
  const hasResult = state.Type === "Task" || state.Type === "Parallel" || state.Type === "Map";
  const common = {
    name,
    language,
    ...(typeof state.Next === "string" && { next: state.Next }),
    prepare: compilePrepare(state, language),
    complete: compileComplete(state, language, hasResult ? "result" : "none"),
    retry: compileRetriers(state),
    catch: compileCatchers(state, language),
  };
  switch (state.Type) {
    case "Pass":
      return { ...common, type: "Pass", ...(language === "JSONPath" && state.Result !== undefined && { result: state.Result }) };
    case "Succeed":
      return { ...common, type: "Succeed" };
    case "Fail":
      return { ...common, type: "Fail", error: compileText(state, "Error", language), cause: compileText(state, "Cause", language) };
    case "Wait":
      return { ...common, type: "Wait", untilMs: compileWait(state, language) };
    case "Choice":
      return { ...common, ...compileChoice(state, language) };
    case "Task":
      return { ...common, ...compileTask(state, language) };
    case "Parallel":
      return {
        ...common,
        type: "Parallel",
        branches: objects(state.Branches).map((branch) => compileProgram(branch, languageOf(branch, around), statesOf)),
      };
    case "Map": {
      const processor = (state.ItemProcessor ?? state.Iterator) as JsonObject;
      return { ...common, ...compileMap(state, language, compileProgram(processor, languageOf(processor, around), statesOf)) };
    }
    default:
      throw new TypeError(`state '${name}': Type is ${JSON.stringify(state.Type)}, expected a state type`);
  }
}

function compileTask(state: JsonObject, language: Language) {
  const resource = parseResource(String(state.Resource));
  if (!resource) throw new TypeError(`the resource '${String(state.Resource)}' is not recognized`);
  const credentials = state.Credentials;
  const template = language === "JSONata" ? compileQueryTemplate : compilePathTemplate;
  return {
    type: "Task" as const,
    resource,
    timeoutSeconds: compileSeconds(state, "TimeoutSeconds", language, 1),
    heartbeatSeconds: compileSeconds(state, "HeartbeatSeconds", language, 1),
    ...(credentials !== undefined && { credentials: template(credentials, "Credentials") }),
  };
}

function compileChoice(state: JsonObject, language: Language) {
  const rules = objects(state.Choices).map((rule, i): ChoiceRule => {
    // A rule without its own field uses that of the state.
    const fields = { ...state, ...(rule.Output !== undefined && { Output: rule.Output }), Assign: rule.Assign ?? {} };
    return {
      next: rule.Next as string,
      condition: language === "JSONata" ? compileQueryCondition(rule.Condition ?? "", `Choices[${i}]/Condition`) : compileCondition(rule),
      complete: compileComplete(rule.Assign === undefined ? omitAssign(fields) : fields, language, "none"),
    };
  });
  return { type: "Choice" as const, rules, ...(typeof state.Default === "string" && { otherwise: state.Default }) };
}

function omitAssign(fields: JsonObject): JsonObject {
  const { Assign: _assign, ...rest } = fields;
  return rest;
}
