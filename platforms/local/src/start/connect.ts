import type { Blueprint } from "@serverlesspresso/blueprint";
import { createMetricsPort } from "@serverlesspresso/metrics";
import type { Ports } from "@serverlesspresso/ports";
import type { Service } from "@serverlesspresso/services/declaration.ts";
import { createAwsServices } from "../aws/services.ts";
import type { WireServices } from "../aws/wire-service.ts";
import { registerFunctions } from "../functions.ts";
import { createPorts } from "../ports.ts";
import { serviceSettings } from "../service-settings.ts";
import { connectEngines } from "./connect-engines.ts";
import type { MadeEngines } from "./make-engines.ts";
import type { Access } from "./open-access.ts";
import type { Ground } from "./open-ground.ts";
import type { PlatformOptions } from "./options.ts";

/** All that was made in the first phase. */
export interface Made extends MadeEngines, Access {
  readonly ground: Ground;
}

/** The faces of the connected engines: to the services of the bar, and to AWS's calls. */
export interface Faces {
  readonly ports: Ports;
  readonly services: WireServices;
}

/** Connects the engines with each other (P5) and with the functions of the bar. @throws {RangeError} for a function without a handler */
export function connect(made: Made, blueprint: Blueprint, shopServices: readonly Service[], options: PlatformOptions): Faces {
  const { ground, engines, address, identities, broker } = made;
  const { observe = (_, engine) => engine } = options;
  const topics = observe("topics", { publish: broker.publish });
  const metrics = createMetricsPort(engines.store, engines.metrics);
  const services = createAwsServices({
    engines,
    pool: identities.pool,
    topics,
    onError: ground.report,
    further: options.furtherServices?.(engines) ?? [],
  });
  ground.connect(engines.logs);
  connectEngines(made, { callHttp: ground.callHttp, services, origin: address.origin });
  const ports = createPorts({
    ...engines,
    busName: blueprint.bus.name,
    topics,
    metrics,
    identities: identities.pool,
    settings: serviceSettings(options),
  });
  registerFunctions(engines.functions, blueprint, shopServices, ports);
  return { ports, services };
}
