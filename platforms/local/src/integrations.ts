/**
 * What Task states call beside functions and activities: every operation of every service here, executions that are waited for, and HTTP.
 * Whatever has its effect in the store is transactional, so that it commits with the transition that causes it.
 */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { Store } from "@serverlesspresso/store";
import {
  childExecutionIntegrations,
  createServiceIntegrations,
  type Integration,
  type Integrations,
  type Workflows,
} from "@serverlesspresso/workflow";

/** What workflows call. */
export interface IntegratedEngines {
  readonly store: Store;
  readonly workflows: Workflows;
  readonly services: Iterable<BoundService>;
  /** The address under which the services are reached. */
  readonly origin: () => string;
  /** `http:invoke`. */
  readonly httpTask: Integration;
  /** Makes the request ids that errors quote. */
  readonly requestId: () => string;
}

/** Returns the registry of the workflow engine. */
export function createIntegrations({ workflows, httpTask, requestId, ...services }: IntegratedEngines): Integrations {
  return {
    ...createServiceIntegrations({ ...services, requestId }),
    ...childExecutionIntegrations(workflows, requestId),
    "http:invoke": httpTask,
  };
}
