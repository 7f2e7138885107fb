/** `aws-sdk:*` for the services outside of the store: the user pool, topics and who one is. Called after the transition is durable, at least once. */
import type { Integration, Integrations } from "@serverlesspresso/workflow";
import type { AwsService, AwsServices } from "./aws/service.ts";
import { changeMembers, lowerFirst } from "./member-names.ts";
import { createTaskErrors, sdkErrors, type TaskErrors } from "./task-errors.ts";

interface Named {
  /** As in `services`. */
  readonly key: string;
  /** As in a state's `Resource`. */
  readonly service: string;
  /** Before an error's name. */
  readonly prefix: string;
  /** Its wire has members in camelCase. */
  readonly isCamel?: boolean;
}

const named: readonly Named[] = [
  { key: "AWSCognitoIdentityProviderService", service: "cognitoidentityprovider", prefix: "CognitoIdentityProvider" },
  { key: "IotData", service: "iotdataplane", prefix: "IotDataPlane", isCamel: true },
  { key: "STS", service: "sts", prefix: "Sts" },
];

/** The registry's entries. */
export function createServiceIntegrations(services: AwsServices, origin: () => string, requestId: () => string): Integrations {
  const errors = createTaskErrors(requestId);
  const entries = named.flatMap((names) => {
    const service = services[names.key];
    return (service?.operations ?? []).map((operation): [string, Integration] => [
      `aws-sdk:${names.service}:${lowerFirst(operation)}`,
      calling(service as AwsService, operation, names, origin, errors),
    ]);
  });
  return Object.fromEntries(entries);
}

function calling(
  service: AwsService,
  operation: string,
  { prefix, isCamel = false }: Named,
  origin: () => string,
  errors: TaskErrors,
): Integration {
  return {
    kind: "external",
    async call(parameters, signal) {
      const request = isCamel ? changeMembers(parameters, "toLowerCase") : parameters;
      try {
        const answer = await service.call(operation, request, { address: "workflow", origin: origin(), signal });
        return isCamel ? changeMembers(answer, "toUpperCase") : answer;
      } catch (error) {
        throw errors.of(error, sdkErrors(prefix));
      }
    },
  };
}
