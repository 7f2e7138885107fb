/**
 * The blueprint in one process.
 *
 * P1. What a start finds unfinished in the store goes on: executions, deliveries, streams, queues, timers.
 * P2. `/healthz` answers 200 from the moment orders can be taken until the stop begins or the store has failed.
 * P3. A stop takes nothing new, lets what runs end, and leaves the rest in the store for the next start.
 */
import { join } from "node:path";
import type { BoundService } from "@serverlesspresso/aws-service";
import { type Blueprint, blueprint as wholeBlueprint } from "@serverlesspresso/blueprint";
import { createIdempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import { createIds, createSystemClock, type Machine } from "@serverlesspresso/clock";
import type { FirstAdmin } from "@serverlesspresso/identity";
import { createMetricsPort } from "@serverlesspresso/metrics";
import type { Clock, EventEntry, JsonValue, States } from "@serverlesspresso/ports";
import { services as allServices } from "@serverlesspresso/services";
import type { Service } from "@serverlesspresso/services/declaration.ts";
import { bringUpToDate, expectEntries, openStore, type Store, type StoreError } from "@serverlesspresso/store";
import { type Broker, createBroker } from "@serverlesspresso/topics";
import type { Integration } from "@serverlesspresso/workflow";
import { createAudit } from "./audit/audit.ts";
import { commandAct } from "./audit/offline.ts";
import { createAuditRoute } from "./audit/route.ts";
import { createAuthenticate } from "./aws/authenticate.ts";
import { openCredentials } from "./aws/credentials.ts";
import { createAwsApi } from "./aws/index.ts";
import { awsPathsOf } from "./aws/paths.ts";
import { createAwsServices } from "./aws/services.ts";
import { createUsedSignatures } from "./aws/used-signatures.ts";
import { createBackupRoute } from "./backup/route.ts";
import { openBuckets } from "./buckets/buckets.ts";
import { besideStore, bucketsFolder } from "./data-folder.ts";
import { watchDiskSpace } from "./disk-space.ts";
import { createEngines, type Engines, type Observe } from "./engines.ts";
import { registerFunctions } from "./functions.ts";
import { withEarlierAnswers } from "./http/earlier-answers.ts";
import { createGateway } from "./http/gateway.ts";
import { createHosts, type Hosts } from "./http/hosts.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import { type HttpServer, startServer } from "./http/server.ts";
import { createReadSource, isThisMachine } from "./http/source.ts";
import { openStaticApps } from "./http/static-apps.ts";
import { type Identities, openIdentities } from "./identity.ts";
import { createAllowedHosts } from "./outbound/allowed-hosts.ts";
import { createHttpClient } from "./outbound/http-client.ts";
import { place } from "./place.ts";
import { createPorts, createStatesPort } from "./ports.ts";
import { putBlueprint } from "./put-blueprint.ts";
import { createRoutes } from "./routes.ts";
import { createSdkIntegrations } from "./sdk-integrations.ts";
import type { Wire } from "./settings.ts";
import { createShopClock } from "./shop-clock.ts";
import { startEngines } from "./start-engines.ts";
import { createSystemRoutes } from "./system-routes.ts";
import { keyNamesOf } from "./tables.ts";
import { createTopicRights } from "./topics.ts";
import { createUndo, type Undo } from "./undo.ts";
import { type Keep, noteKeep, usualKeep } from "./upkeep/keep.ts";
import { createShopUpkeep } from "./upkeep/upkeep.ts";

export interface PlatformOptions {
  readonly dataFolder: string;
  /** What it runs, in place of the first bar with all its services; and the services that it is the sum of. */
  readonly blueprint?: Blueprint;
  readonly services?: readonly Service[];
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly clockRate?: number;
  /** In place of the shop's own, for tests; it measures real work too. */
  readonly clock?: Clock;
  /** Tells the shop's own clock the time; for tests in place of this machine. */
  readonly machine?: Machine;
  readonly adminEmail?: string | undefined;
  readonly adminPassword?: string | undefined;
  readonly smtpUrl?: string | undefined;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly hostNames?: readonly string[];
  readonly allowedOrigins?: readonly string[];
  /** Proxies whose forwarding headers are believed: addresses, networks, `loopback`. */
  readonly trustedProxies?: readonly string[];
  /** Hosts that workflows and rules may call over HTTP: `NAME` or `NAME:PORT`. */
  readonly outboundHosts?: readonly string[];
  /** Whose signed AWS calls are answered; by default this machine's own. */
  readonly wire?: Wire;
  readonly guestSignIn?: boolean;
  readonly rateLimitFactor?: number;
  /** The built apps; default `apps/dist`. */
  readonly appsFolder?: string;
  /** A failure that ends the service: the process should tell and stop. */
  readonly onFailure?: (error: StoreError) => void;
  /** What went wrong beside it and is tried again or given up. */
  readonly onError?: (error: unknown, what: string) => void;
  /** Hears of each change that was made to the records of an earlier release. */
  readonly onMigration?: (line: string) => void;
  /** Sees every call between the engines, and of the topics. */
  readonly observe?: Observe;
  readonly keep?: Keep;
  /** Further AWS services, beside those of `aws/services.ts`. */
  readonly furtherServices?: (engines: Engines) => readonly BoundService[];
}

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

const defaultAppsFolder = join(import.meta.dirname, "../../../apps/dist");
const diskFull = "The disk of the shop's computer is almost full; no new order is taken until there is room.";
const diskFree = "The disk of the shop's computer has room again; new orders are taken.";
/** Requests that run get so much real time to end. */
const drainMs = 2_500;

/**
 * Starts the shop. Resolves when it takes orders.
 * @throws {StoreError} `InUse`, `Unreadable`, `NewerVersion`, `Damaged`; {KeyFileError}; {CredentialsError}; Node's own errors where the address cannot be listened on
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { blueprint = wholeBlueprint, services: shopServices = allServices } = options;
  const { host = "127.0.0.1", clockRate = 1, onFailure = () => {}, onError = () => {} } = options;
  let isReady = false;
  let hasStoreFailed = false;
  const store = await openStore({
    folder: options.dataFolder,
    onFailure(error) {
      isReady = false;
      hasStoreFailed = true;
      onFailure(error);
    },
  });
  const undo = createUndo();
  undo.push(() => store.close());
  try {
    return await start();
  } catch (error) {
    await undo.all();
    throw error;
  }

  async function start(): Promise<Platform> {
    expectEntries(options.dataFolder, besideStore);
    await bringUpToDate(store, options.onMigration ?? (() => {}));
    const { clock, aheadMs } = openClock(store, options, undo, (said) => report(new Error(said), "the machine's clock"));
    const realClock = options.clock ?? createSystemClock(options.machine && { machine: options.machine });
    const ids = createIds(clock);
    const report = (error: unknown, what: string): void => {
      onError(error, what);
      engines.logs.append("/serverlesspresso/errors", `${what}: ${error instanceof Error ? error.stack : String(error)}`);
    };
    const callHttp = createHttpClient({ allowedHosts: createAllowedHosts(options.outboundHosts ?? []), clock: createSystemClock() });
    const buckets = await openBuckets(join(options.dataFolder, bucketsFolder), ids.uuid);
    const integrations: Record<string, Integration> = {};
    const outside = { buckets, callHttp, integrations };
    const engines: Engines = createEngines({
      store,
      clock,
      realClock,
      ids,
      blueprint,
      ...outside,
      onError: report,
      observe: options.observe,
      keep: options.keep,
    });
    const origin = (): string =>
      `${options.tls === undefined ? "http" : "https"}://${isEverywhere(host) ? "127.0.0.1" : host}:${server.port}`;
    const identities = await openIdentities({
      poolName: blueprint.names.userPool,
      ...options,
      store,
      clock,
      clockRate,
      ids,
      issuerBase: origin,
      onNewKey: (kid) =>
        void audit.note(commandAct("npm run rotate-keys", { keyId: kid })).catch((error: unknown) => report(error, "audit")),
      onError: report,
    });
    undo.push(() => identities.stop());
    const hosts = createHosts(host, options.hostNames);
    const broker = await createBroker({
      clock,
      networkClock: createSystemClock(),
      verify: identities.verifyClient,
      maySubscribe: createTopicRights(blueprint.topics),
      origins: options.allowedOrigins ?? [],
      onError: report,
    });
    undo.push(() => broker.close());
    const topics = (options.observe ?? ((_, engine) => engine))("topics", { publish: broker.publish });
    const ports = createPorts({ ...engines, busName: blueprint.bus.name, topics, metrics: createMetricsPort(store, engines.metrics) });
    const services = createAwsServices({
      engines,
      pool: identities.pool,
      topics,
      onError: report,
      further: options.furtherServices?.(engines) ?? [],
    });
    // What the engines have put there under the SDK's names has forms of its own.
    Object.assign(integrations, { ...createSdkIntegrations(services, origin, ids.uuid), ...integrations });
    registerFunctions(engines.functions, blueprint, shopServices, ports);
    await putBlueprint(engines, blueprint);
    await startEngines(engines, blueprint, report, undo);
    const keep = options.keep ?? usualKeep;
    await noteKeep(store, keep);
    const upkeep = createShopUpkeep(engines, blueprint.names.orderTable, keep, report);
    upkeep.start();
    undo.push(() => upkeep.stop());

    const { platformTable: tableName } = blueprint.names;
    const idempotency = withEarlierAnswers(createIdempotency({ tables: ports.tables, tableName, clock, ids }), {
      store,
      clock,
      onError: report,
    });
    idempotency.start();
    undo.push(() => idempotency.stop());
    const disk = await watchDiskSpace({
      folder: options.dataFolder,
      clock: createSystemClock(),
      onTurn: (isLow) => !hasStoreFailed && report(new Error(isLow ? diskFull : diskFree), "disk space"),
      onError: report,
    });
    undo.push(() => disk.stop());
    const audit = createAudit({ store, clock, onError: report });
    const rateLimits = createRateLimits(realClock, options.rateLimitFactor);
    // Made anew at each look, so that it follows where the machine's clock is set.
    const wallClockMs = (): number => createSystemClock().nowMs();
    const routes = [
      ...createSystemRoutes({
        blueprint,
        store,
        hosts,
        clock,
        clockRate,
        identities,
        unavailable: () => (isReady ? (disk.isLow() ? diskFull : undefined) : "The shop is starting or stopping."),
      }),
      createAuditRoute(audit),
      createBackupRoute({ dataFolder: options.dataFolder, nowMs: wallClockMs }),
      ...createRoutes(
        { clock, clockRate, functions: engines.functions, states: ports.states, signInGuest: identities.signInGuest },
        blueprint,
      ),
    ];
    const server: HttpServer = await startServer({
      app: createGateway({
        routes,
        hosts,
        port: () => server.port,
        origins: options.allowedOrigins ?? [],
        rateLimits,
        audit,
        closedToNew: () => (disk.isLow() ? diskFull : undefined),
        hasStoreFailed: () => hasStoreFailed,
        idempotency,
        verify: identities.verify,
        awsPaths: awsPathsOf([...services.values()].map(({ service }) => service)),
        aws: createAwsApi({
          services,
          authenticate: createAuthenticate({
            credentials: openCredentials(options.dataFolder, ids),
            region: place.region,
            wallClockMs,
            used: createUsedSignatures({ store, wallClockMs }),
          }),
          answersSigned: (address) => options.wire === "lan" || isThisMachine(address, hosts.reachable),
          operatorOf: (request) => operatorOf(request, identities),
          audit,
          keyNames: (table) => keyNamesOf(engines, table),
          rateLimits,
          ids,
          onError: report,
        }),
        apps: openStaticApps(options.appsFolder ?? defaultAppsFolder, options.allowedOrigins, options.tls?.cert),
        onError: report,
      }),
      broker,
      hosts,
      readSource: createReadSource(options.trustedProxies ?? [], options.tls !== undefined),
      host,
      port: options.port ?? 0,
      tls: options.tls,
    });
    // Last of all: a start that fails must not use up the one showing of the password.
    const firstAdmin = await identities.ensureFirstAdmin().catch(async (error: unknown) => {
      await server.stop(0);
      throw error;
    });
    isReady = true;
    let stopping: Promise<void> | undefined;
    return {
      ...engines,
      url: origin(),
      port: server.port,
      hosts,
      routes: routes.map(({ method, path }) => `${method} ${path}`),
      identities,
      broker,
      states: createStatesPort(store, engines.workflows),
      aheadMs,
      firstAdmin,
      putEvents: ports.events.putEvents,
      startExecution: (name, input) =>
        ports.states.startExecution({ stateMachineName: blueprint.names.orderProcessor, ...(name !== undefined && { name }), input }),
      stop() {
        isReady = false;
        // The broker's links would keep the server open, so both stop at once.
        stopping ??= Promise.all([server.stop(drainMs), broker.close()]).then(undo.all);
        return stopping;
      },
    };
  }
}

function isEverywhere(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** The console calls AWS's operations with the access token of whoever works there. */
async function operatorOf(request: Request, { verify }: Identities): Promise<string | undefined> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) return undefined;
  return verify(token).then(
    ({ isOperator, sub }) => (isOperator ? sub : undefined),
    () => undefined,
  );
}

function openClock(
  store: Store,
  { clock, clockRate = 1, machine }: PlatformOptions,
  undo: Undo,
  onStep: (said: string) => void,
): { readonly clock: Clock; readonly aheadMs: number } {
  if (clock !== undefined) return { clock, aheadMs: 0 };
  const shopClock = createShopClock(store, { rate: clockRate, onStep, ...(machine && { machine }) });
  undo.push(() => shopClock.stop());
  return { clock: shopClock, aheadMs: shopClock.aheadMs };
}
