/**
 * What tasks call of AWS services, as the services' definitions say it: every operation by the name of its SDK integration
 * (`aws-sdk:eventbridge:putRule`), some by that of the service's optimized integration (`events:putEvents`). What a service has not is there with its reason.
 * What reads or writes the store commits with the transition that causes it; what waits is called after the transition is durable, at least once.
 */
import { type BoundService, callOperation, type OptimizedForm, type OptimizedNames } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import { TaskError } from "../errors.ts";
import type { AbsentIntegration, Integration, Integrations } from "../integration.ts";
import { changeFirst } from "./member-names.ts";
import { createSdkForm } from "./sdk-form.ts";
import { createTaskErrors, optimizedNames, sdkNames, type TaskErrors } from "./task-errors.ts";

/** What tasks call, and what their errors say. */
export interface ServiceIntegrationsOptions {
  readonly store: Store;
  readonly services: Iterable<BoundService>;
  /** The address under which the services are reached. */
  readonly origin: () => string;
  /** Makes the request ids that errors quote. */
  readonly requestId: () => string;
}

/** Returns the registry's entries for services. */
export function createServiceIntegrations({ services, requestId, ...around }: ServiceIntegrationsOptions): Integrations {
  const context: Context = { ...around, errors: createTaskErrors(requestId) };
  return Object.fromEntries([...services].flatMap((bound) => [...integrationsOf(bound, context), ...absentOf(bound)]));
}

interface Context extends Pick<ServiceIntegrationsOptions, "store" | "origin"> {
  readonly errors: TaskErrors;
}

function integrationsOf(bound: BoundService, context: Context): [string, Integration][] {
  const { sdk, optimized: names, operations } = bound.service;
  return Object.entries(operations).flatMap(([name, operation]): [string, Integration][] => {
    const { kind, optimized: form, fromWorkflows = kind === "wait" ? "external" : "transactional" } = operation;
    if (fromWorkflows === "none") return [];
    const action = changeFirst(name, "toLowerCase");
    const bySdk = fromWorkflows === "external" ? external(bound, name, context) : transactional(bound, name, context);
    const entry: [string, Integration] = [`aws-sdk:${sdk.service}:${action}`, bySdk];
    return names === undefined || form === undefined
      ? [entry]
      : [entry, [`${names.service}:${action}`, optimized(bound, name, names, form, context)]];
  });
}

function absentOf({ service: { sdk, absent } }: BoundService): [string, AbsentIntegration][] {
  return Object.entries(absent).map(([name, reason]) => [
    `aws-sdk:${sdk.service}:${changeFirst(name, "toLowerCase")}`,
    { kind: "absent", reason },
  ]);
}

function transactional(bound: BoundService, name: string, { errors }: Context): Integration {
  const form = createSdkForm(bound.service, name);
  return errors.transactional(sdkNames(bound.service), (tx, parameters) => form.answer(bound.execute(tx, name, form.request(parameters))));
}

function external(bound: BoundService, name: string, { store, origin, errors }: Context): Integration {
  const form = createSdkForm(bound.service, name);
  const names = sdkNames(bound.service);
  return {
    kind: "external",
    async call(parameters, signal) {
      try {
        const caller = { address: "workflow", origin: origin(), signal };
        return form.answer(await callOperation(store, bound, name, form.request(parameters), caller));
      } catch (error) {
        throw errors.of(error, names);
      }
    },
  };
}

function optimized(bound: BoundService, name: string, names: OptimizedNames, own: OptimizedForm, { errors }: Context): Integration {
  const { request = (parameters: JsonObject) => parameters, failureIn } = own;
  const form = createSdkForm(bound.service, name);
  const call = (tx: Transaction, parameters: JsonObject): JsonObject =>
    form.answer(bound.execute(tx, name, form.request(request(parameters))));
  const called = (tx: Transaction, parameters: JsonObject): JsonObject => {
    if (failureIn === undefined) return call(tx, parameters);
    return tx.savepoint(() => {
      const answer = call(tx, parameters);
      const failure = failureIn(answer);
      if (failure !== undefined) throw new TaskError(`${names.errors}.${failure}`, JSON.stringify(answer));
      return answer;
    });
  };
  return errors.transactional(optimizedNames(bound.service, names), called);
}
