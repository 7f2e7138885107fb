/**
 * `aws-sdk:*`: every operation of every service here, by the names of AWS SDK integrations (`aws-sdk:eventbridge:putRule`), as its definition says.
 * What reads or writes the store commits with the transition that causes it; what waits is called after the transition is durable, at least once.
 * Members are in PascalCase and instants in ISO 8601, whatever the service's own wire has.
 */
import type { OperationDescription, ServiceDescription } from "@serverlesspresso/aws-service";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Integration, Integrations } from "@serverlesspresso/workflow";
import type { WireService, WireServices } from "./aws/wire-service.ts";
import { changeMembers, lowerFirst } from "./member-names.ts";
import { createTaskErrors, sdkErrors, type TaskErrors } from "./task-errors.ts";

/** The registry's entries. @param origin the address under which the services are reached */
export function createSdkIntegrations(services: WireServices, origin: () => string, requestId: () => string): Integrations {
  const errors = createTaskErrors(requestId);
  return Object.assign({}, ...[...services.values()].map((service) => integrationsOf(service, origin, errors)));
}

function integrationsOf(engine: WireService, origin: () => string, errors: TaskErrors): Integrations {
  const { sdk, operations } = engine.service;
  const entries = engine.operations.flatMap((name): [string, Integration][] => {
    const operation = operations[name] as OperationDescription;
    const { fromWorkflows = operation.kind === "wait" ? "external" : "transactional" } = operation;
    if (fromWorkflows === "none") return [];
    const integration = fromWorkflows === "external" ? external(engine, name, origin, errors) : transactional(engine, name, errors);
    return [[`aws-sdk:${sdk.service}:${lowerFirst(name)}`, integration]];
  });
  return Object.fromEntries(entries);
}

function transactional(engine: WireService, name: string, errors: TaskErrors): Integration {
  const form = createForm(engine.service, name);
  return errors.transactional(namesOf(engine.service), (tx, parameters) => form.answer(engine.execute(tx, name, form.request(parameters))));
}

function external(engine: WireService, name: string, origin: () => string, errors: TaskErrors): Integration {
  const form = createForm(engine.service, name);
  return {
    kind: "external",
    async call(parameters, signal) {
      try {
        return form.answer(await engine.call(name, form.request(parameters), { address: "workflow", origin: origin(), signal }));
      } catch (error) {
        throw errors.of(error, namesOf(engine.service));
      }
    },
  };
}

const namesOf = ({ sdk, errors }: ServiceDescription) => sdkErrors(sdk.errors, errors.unmodelled);

/** How an SDK has a service's requests and answers. */
function createForm({ isCamelCase = false, instants = [], errors, operations }: ServiceDescription, name: string) {
  const { jsonTexts = [], jsonBlobs = [] } = operations[name] ?? {};

  function parsed(member: string, value: JsonValue): JsonValue {
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value) as JsonValue;
    } catch {
      throw errors.invalid({ member, path: member, value, constraint: "Member must be JSON", message: `${member} is not JSON` });
    }
  }

  return {
    request(parameters: JsonObject): JsonObject {
      const own = isCamelCase ? changeMembers(parameters, "toLowerCase") : parameters;
      return changeSome(changeSome(own, jsonBlobs, parsed), jsonTexts, textOf);
    },
    answer(answer: JsonObject): JsonObject {
      const told = changeSome(withIsoInstants(answer, instants), jsonBlobs, (_, value) => JSON.stringify(value));
      return isCamelCase ? changeMembers(told, "toUpperCase") : told;
    },
  };
}

function textOf(_member: string, value: JsonValue): JsonValue {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function changeSome(members: JsonObject, names: readonly string[], change: (name: string, value: JsonValue) => JsonValue): JsonObject {
  const changed = names.flatMap((name): [string, JsonValue][] => {
    const value = members[name];
    return value === undefined ? [] : [[name, change(name, value)]];
  });
  return changed.length === 0 ? members : { ...members, ...Object.fromEntries(changed) };
}

function withIsoInstants(value: JsonObject, instants: readonly string[]): JsonObject {
  if (instants.length === 0) return value;
  const within = (name: string, one: JsonValue): JsonValue => {
    if (Array.isArray(one)) return one.map((entry: JsonValue) => within(name, entry));
    if (typeof one === "object" && one !== null) return withIsoInstants(one as JsonObject, instants);
    return typeof one === "number" && instants.includes(name) ? new Date(Math.round(one * 1000)).toISOString() : one;
  };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, within(name, one)]));
}
