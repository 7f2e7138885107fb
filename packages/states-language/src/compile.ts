/** Definition in, machine out: everything that can be done once is done here. */
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

/** The execution's input may be asked for by these; without any the running execution need not keep it. */
const asksForInput =
  /(\$\$|\bcontext)(?!\.(State|StateMachine|Task|Map|Execution\.(Id|Name|StartTime|RoleArn|RedriveCount|RedriveTime))\b)|\$states(?!\s*\.\s*(input|result|errorOutput|context)\b)/;

/**
 * Compiles a definition once, for all its executions.
 * @throws {DefinitionError} with AWS's diagnostics where Step Functions would refuse it
 */
export function compile(definition: JsonValue): Machine {
  checkDefinition(definition);
  return compileAccepted(definition);
}

/**
 * As `compile`, of a definition that was accepted before: what has come to be refused since then stops no execution.
 * @throws {DefinitionError} where it cannot be read at all
 */
export function compileAccepted(definition: JsonValue): Machine {
  try {
    if (!isObject(definition)) throw new TypeError("the definition is not an object");
    const { TimeoutSeconds: timeoutSeconds } = definition;
    return {
      program: compileProgram(definition, languageOf(definition, "JSONPath")),
      keepsInput: asksForInput.test(JSON.stringify(definition)),
      ...(typeof timeoutSeconds === "number" && { timeoutSeconds }),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DefinitionError([{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message }]);
  }
}

function languageOf(part: JsonObject, around: Language): Language {
  return part.QueryLanguage === "JSONata" || part.QueryLanguage === "JSONPath" ? part.QueryLanguage : around;
}

function compileProgram(program: JsonObject, language: Language): Program {
  if (typeof program.StartAt !== "string" || !isObject(program.States)) throw new TypeError("StartAt and States are required");
  const states = new Map<string, State>();
  for (const [name, state] of Object.entries(program.States)) {
    if (!isObject(state)) throw new TypeError(`state '${name}' is not an object`);
    states.set(name, compileState(name, state, languageOf(state, language), language));
  }
  if (!states.has(program.StartAt))
    throw new TypeError(`StartAt is '${program.StartAt}', expected one of ${[...states.keys()].join(", ")}`);
  return { startAt: program.StartAt, states };
}

/** Compiles one state; `around` is the language of what it stands in, which its own branches inherit. */
export function compileState(name: string, state: JsonObject, language: Language, around: Language): State {
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
        branches: objects(state.Branches).map((branch) => compileProgram(branch, languageOf(branch, around))),
      };
    case "Map": {
      const processor = (state.ItemProcessor ?? state.Iterator) as JsonObject;
      return { ...common, ...compileMap(state, language, compileProgram(processor, languageOf(processor, around))) };
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
    // What a rule does not say itself the state says.
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
