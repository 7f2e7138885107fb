/** The last phase of a start (P6): HTTP, AWS's own protocols and MQTT on one port. */
import { join } from "node:path";
import type { Blueprint } from "@serverlesspresso/blueprint";
import { createIdempotency, type Idempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import { createSystemClock, thisMachine } from "@serverlesspresso/clock";
import { createAuditRoute } from "../audit/route.ts";
import { createAuthenticate } from "../aws/authenticate.ts";
import { createAwsApi } from "../aws/aws-api.ts";
import { openCredentials } from "../aws/credentials.ts";
import { createEntrance } from "../aws/entrance.ts";
import { awsPathsOf } from "../aws/paths.ts";
import { createUsedSignatures } from "../aws/used-signatures.ts";
import type { AwsApi } from "../aws/wire-request.ts";
import { createBackupRoute } from "../backup/route.ts";
import { type DiskSpace, watchDiskSpace } from "../disk-space.ts";
import { withEarlierAnswers } from "../http/earlier-answers.ts";
import { createGateway, type Gateway } from "../http/gateway.ts";
import { createRateLimits, type RateLimits } from "../http/rate-limits.ts";
import type { Route } from "../http/route.ts";
import { type HttpServer, startServer } from "../http/server.ts";
import { createReadSource, isThisMachine } from "../http/source.ts";
import { openStaticApps } from "../http/static-apps.ts";
import type { Identities } from "../identity.ts";
import { place } from "../place.ts";
import { createRoutes } from "../routes.ts";
import { createSystemRoutes } from "../system-routes.ts";
import type { Undo } from "../undo.ts";
import type { Faces, Made } from "./connect.ts";
import type { PlatformOptions } from "./options.ts";

/** What is served, and where. */
export interface Doors {
  readonly server: HttpServer;
  readonly routes: readonly Route[];
}

/** What answers at the doors. */
interface Behind {
  readonly made: Made;
  readonly faces: Faces;
  readonly blueprint: Blueprint;
  readonly options: PlatformOptions;
  readonly disk: DiskSpace;
}

const defaultAppsFolder = join(import.meta.dirname, "../../../../apps/dist");
const diskFull = "The disk of the shop's computer is almost full; no new order is taken until there is room.";
const diskFree = "The disk of the shop's computer has room again; new orders are taken.";
/** It follows where the machine's clock is set. */
const { wallMs: wallClockMs } = thisMachine;

/** Listens for requests. @throws Node's own error where the address cannot be listened on; {CredentialsError} */
export async function openDoors(made: Made, faces: Faces, blueprint: Blueprint, options: PlatformOptions, undo: Undo): Promise<Doors> {
  const idempotency = startIdempotency(made, faces, blueprint.names.platformTable, undo);
  const disk = await watchDisk(made, options, undo);
  const behind: Behind = { made, faces, blueprint, options, disk };
  const routes = routesOf(behind);
  const rateLimits = createRateLimits(made.ground.realClock, options.rateLimitFactor);
  const aws = awsApiOf(behind, rateLimits);
  const server = await startServer({
    app: gatewayOf(behind, routes, { idempotency, rateLimits, aws }),
    entrance: createEntrance({ aws, hosts: made.hosts, onError: made.ground.report }),
    broker: made.broker,
    hosts: made.hosts,
    readSource: createReadSource(options.trustedProxies ?? [], options.tls !== undefined),
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    tls: options.tls,
  });
  made.address.connect(server);
  return { server, routes };
}

function startIdempotency({ ground }: Made, { ports }: Faces, tableName: string, undo: Undo): Idempotency {
  const { store, clock, ids, report } = ground;
  const kept = createIdempotency({ tables: ports.tables, tableName, clock, ids });
  const idempotency = withEarlierAnswers(kept, { store, clock, onError: report });
  idempotency.start();
  undo.push(() => idempotency.stop());
  return idempotency;
}

async function watchDisk({ ground }: Made, { dataFolder }: PlatformOptions, undo: Undo): Promise<DiskSpace> {
  const { health, report } = ground;
  const disk = await watchDiskSpace({
    folder: dataFolder,
    clock: createSystemClock(),
    onTurn: (isLow) => !health.hasStoreFailed() && report(new Error(isLow ? diskFull : diskFree), "disk space"),
    onError: report,
  });
  undo.push(() => disk.stop());
  return disk;
}

function routesOf({ made, faces, blueprint, options, disk }: Behind): Route[] {
  const { ground, engines, hosts, identities, audit } = made;
  const { store, clock, health } = ground;
  const { clockRate = 1, dataFolder } = options;
  const whyNot = (): string | undefined => (disk.isLow() ? diskFull : undefined);
  const unavailable = (): string | undefined => (health.isReady() ? whyNot() : "The shop is starting or stopping.");
  return [
    ...createSystemRoutes({ blueprint, store, hosts, clock, clockRate, identities, unavailable }),
    createAuditRoute(audit),
    createBackupRoute({ dataFolder, nowMs: wallClockMs }),
    ...createRoutes({ clock, clockRate, functions: engines.functions, states: faces.ports.states }, blueprint),
  ];
}

function gatewayOf(
  behind: Behind,
  routes: readonly Route[],
  shared: { readonly idempotency: Idempotency; readonly rateLimits: RateLimits; readonly aws: AwsApi },
): Gateway {
  const { made, faces, options, disk } = behind;
  const { ground, hosts, address, identities, audit } = made;
  const origins = options.allowedOrigins ?? [];
  return createGateway({
    routes,
    hosts,
    port: address.port,
    origins,
    ...shared,
    audit,
    closedToNew: () => (disk.isLow() ? diskFull : undefined),
    hasStoreFailed: ground.health.hasStoreFailed,
    verify: identities.verify,
    awsPaths: awsPathsOf([...faces.services.values()].map(({ service }) => service)),
    apps: openStaticApps(options.appsFolder ?? defaultAppsFolder, options.allowedOrigins, options.tls?.cert),
    onError: ground.report,
  });
}

function awsApiOf({ made, faces, options }: Behind, rateLimits: RateLimits): AwsApi {
  const { ground, engines, hosts, identities, audit } = made;
  const { store, ids, health, report } = ground;
  return createAwsApi({
    services: faces.services,
    authenticate: createAuthenticate({
      credentials: openCredentials(options.dataFolder, ids),
      region: place.region,
      wallClockMs,
      used: createUsedSignatures({ store, wallClockMs }),
    }),
    answersSigned: (address) => options.wire === "lan" || isThisMachine(address, hosts.reachable),
    operatorOf: (authorization) => operatorOf(authorization, identities),
    audit,
    keyNames: (table) => engines.tables.keyNames(store, table),
    rateLimits,
    ids,
    hasStoreFailed: health.hasStoreFailed,
    onError: report,
  });
}

/** The console calls AWS's operations with its operator's access token. */
async function operatorOf(authorization: string, { verify }: Identities): Promise<string | undefined> {
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) return undefined;
  return verify(token).then(
    ({ isOperator, sub }) => (isOperator ? sub : undefined),
    () => undefined,
  );
}
