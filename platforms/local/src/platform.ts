/**
 * The blueprint in one process.
 *
 * P1. What a start finds unfinished in the store goes on: executions, deliveries, streams, queues, timers.
 * P2. `/healthz` answers 200 from the moment orders can be taken until the stop begins or the store has failed.
 * P3. A stop takes nothing new, lets what runs end, and leaves the rest in the store for the next start.
 * P4. A start first makes every engine, each on the ground alone (store, clocks, identifiers, buckets), since they call each other in circles.
 * P5. Then it connects each with what it calls. An engine that is called before throws a `ConnectionError`.
 * P6. Then it runs them, whatever is called before its callers, and opens the doors last. A stop goes the other way.
 */
import { blueprint as wholeBlueprint } from "@serverlesspresso/blueprint";
import type { FirstAdmin } from "@serverlesspresso/identity";
import type { EventEntry, JsonValue, States } from "@serverlesspresso/ports";
import { services as allServices } from "@serverlesspresso/services";
import type { Broker } from "@serverlesspresso/topics";
import type { Engines } from "./engines.ts";
import type { Hosts } from "./http/hosts.ts";
import type { Identities } from "./identity.ts";
import { expectOwnBar } from "./other-bar.ts";
import { connect, type Faces, type Made } from "./start/connect.ts";
import { makeEngines } from "./start/make-engines.ts";
import { openAccess } from "./start/open-access.ts";
import { type Doors, openDoors } from "./start/open-doors.ts";
import { openGround } from "./start/open-ground.ts";
import type { PlatformOptions } from "./start/options.ts";
import { run } from "./start/run.ts";
import { createUndo, type Undo } from "./undo.ts";

/** A shop that is open for requests. */
export interface Platform extends Engines {
  readonly url: string;
  readonly port: number;
  readonly hosts: Hosts;
  /** What the gateway serves, each as `METHOD /path`; AWS's own protocols and the apps aside. */
  readonly routes: readonly string[];
  readonly identities: Identities;
  readonly broker: Broker;
  readonly states: States;
  /** How far shop time was ahead of the machine's clock at the start. */
  readonly aheadMs: number;
  /** The first admin, where this start made it. */
  readonly firstAdmin: FirstAdmin | undefined;
  /** Puts events on the blueprint's bus, as any account's principal could. */
  putEvents(entries: readonly EventEntry[]): Promise<{ readonly eventIds: readonly string[] }>;
  startExecution(name: string | undefined, input: JsonValue): Promise<{ readonly executionArn: string }>;
  stop(): Promise<void>;
}

/** Requests that run get so much real time to end. */
const drainMs = 2_500;

/**
 * Starts the shop. Resolves when it takes orders.
 * @throws {StoreError} `InUse`, `Unreadable`, `NewerVersion`, `Damaged`; {KeyFileError}; {CredentialsError}; {OtherBarError}; Node's own errors where the address cannot be listened on
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const undo = createUndo();
  try {
    return await start(options, undo);
  } catch (error) {
    await undo.all();
    throw error;
  }
}

async function start(options: PlatformOptions, undo: Undo): Promise<Platform> {
  const { blueprint = wholeBlueprint, services = allServices, observe, keep } = options;
  const ground = await openGround(options, undo);
  const engines = makeEngines({ ground, blueprint, observe, keep });
  expectOwnBar(engines.engines, blueprint.names);
  const made: Made = {
    ground,
    ...engines,
    ...(await openAccess(ground, blueprint, options, undo)),
  };
  const faces = connect(made, blueprint, services, options);
  await run(made.engines, blueprint, keep, ground.report, undo);
  const doors = await openDoors(made, faces, blueprint, options, undo);
  const firstAdmin = await ensureFirstAdmin(made, doors);
  ground.health.open();
  return platformOf(made, faces, doors, { firstAdmin, mainWorkflow: blueprint.names.orderProcessor, undo });
}

/** Last of all: a start that fails must not use up the one showing of the password. */
async function ensureFirstAdmin({ identities }: Made, { server }: Doors): Promise<FirstAdmin | undefined> {
  return identities.ensureFirstAdmin().catch(async (error: unknown) => {
    await server.stop(0);
    throw error;
  });
}

/** What only this start knows. */
interface Start extends Pick<Platform, "firstAdmin"> {
  readonly mainWorkflow: string;
  readonly undo: Undo;
}

function platformOf(made: Made, { ports }: Faces, { server, routes }: Doors, { firstAdmin, mainWorkflow, undo }: Start): Platform {
  const { ground, engines, address, hosts, identities, broker } = made;
  let stopping: Promise<void> | undefined;
  return {
    ...engines,
    url: address.origin(),
    port: server.port,
    hosts,
    routes: routes.map(({ method, path }) => `${method} ${path}`),
    identities,
    broker,
    states: ports.states,
    aheadMs: ground.aheadMs,
    firstAdmin,
    putEvents: ports.events.putEvents,
    startExecution: (name, input) =>
      ports.states.startExecution({ stateMachineName: mainWorkflow, ...(name !== undefined && { name }), input }),
    stop() {
      ground.health.close();
      // The broker's links would keep the server open, so both stop at once.
      stopping ??= Promise.all([server.stop(drainMs), broker.close()]).then(undo.all);
      return stopping;
    },
  };
}
