/**
 * The one HTTP entrance.
 *
 * G1. A request for a host that is not ours is answered 421 and looked at no further.
 * G2. What a route says of its caller, its parameters and its body holds before its handler runs.
 * G3. Every refusal is a problem of RFC 9457 with a stable `type`; nothing of the inside (stack, path, version) goes out.
 * G4. A caller's allowance is counted by user, or by address where there is no user; all of those together have one more; admins have their own, which no guest can use up.
 * G5. What a stranger's request costs is bounded before it is looked at: its address by length, its token by length, its body by the route's limits.
 */
import { parseRequest } from "@serverlesspresso/blueprint";
import { answerHeaders } from "@serverlesspresso/blueprint/edge/answer.ts";
import type { Idempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import { bodyLimits } from "@serverlesspresso/blueprint/edge/json-body.ts";
import { queryOf } from "@serverlesspresso/blueprint/edge/query.ts";
import {
  internalError,
  nothingHere,
  notSignedIn,
  operatorsOnly,
  otherMethod,
  problemResponse,
  Refusal,
  staffOnly,
  tooManyRequests,
} from "@serverlesspresso/blueprint/edge/refusal.ts";
import type { JsonObject, RouteResponse } from "@serverlesspresso/ports";
import { StoreError } from "@serverlesspresso/store";
import { type Context, Hono } from "hono";
import { namesOf, settingsOf } from "../audit/about.ts";
import type { Act, Audit } from "../audit/audit.ts";
import type { AwsPath } from "../aws/paths.ts";
import { isPresigned, isSigned } from "../aws/signed-request.ts";
import { type AwsApi, routedRequest } from "../aws/wire-request.ts";
import type { Call, Caller } from "./call.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import { headersOfEvery } from "./every-answer.ts";
import type { Hosts } from "./hosts.ts";
import type { RateLimits } from "./rate-limits.ts";
import { readJsonBody } from "./read-body.ts";
import type { Route } from "./route.ts";
import type { Source } from "./source.ts";
import type { StaticApps } from "./static-apps.ts";

/** What the HTTP gateway serves and what it asks of the platform around it. */
export interface GatewayOptions {
  readonly routes: readonly Route[];
  readonly hosts: Hosts;
  /** The port that is listened on; known once it is. */
  readonly port: () => number;
  /** Other origins whose pages may call. */
  readonly origins: readonly string[];
  readonly rateLimits: RateLimits;
  readonly idempotency: Idempotency;
  readonly audit: Audit;
  /** Why nothing new is begun now, in a sentence; undefined when all is well. What is under way goes on. */
  readonly closedToNew: () => string | undefined;
  /** Whether a flush failed. From then on nothing can be stored. */
  readonly hasStoreFailed: () => boolean;
  /** The bearer of an access token. Rejects where it is not good. */
  readonly verify: (token: string) => Promise<Caller>;
  readonly awsPaths: readonly AwsPath[];
  /** The calls of AWS's own protocols. */
  readonly aws: AwsApi;
  readonly apps: StaticApps;
  readonly onError: (error: unknown, what: string) => void;
}

/** What the server hands over with a request. */
export interface GatewayBindings {
  readonly source: Source;
  /** Node keeps the first of several `Host` lines; a proxy before us may have used another (RFC 9112, 3.2). */
  readonly hasManyHosts?: boolean;
}
/** The gateway as an application of Hono. */
export type Gateway = Hono<{ Bindings: GatewayBindings }>;
type Handled = Context<{ Bindings: GatewayBindings }>;

/** Staff and operators: enough for a shop's whole counter from one account. */
const adminAllowance = { burst: 10_000, perMinute: 60_000 };
/** All guests together, and callers without a user: several times what a conference asks for as it comes back at once. Staff do not count here, and no address alone gets so far. */
const everybodysAllowance = { burst: 120_000, perMinute: 240_000 };
/** Guests of one conference share few addresses; where a route counts by user and the caller has no user, an address stands for so many. */
const usersPerAddress = 50;
/** Of path and query; the longest that an app asks for has a few hundred. */
const longestAddress = 4_096;

/** Returns the HTTP application: checks host, origin, token, body and allowance (G1 to G4), then calls the route. */
export function createGateway(options: GatewayOptions): Gateway {
  const { hosts, onError } = options;
  const app: Gateway = new Hono({ strict: true });

  app.use(async (context, next) => {
    const { req } = context;
    const { host, scheme } = context.env.source;
    const cors = corsHeaders(req.header("origin") ?? null, hosts, options.port, options.origins);
    if (context.env.hasManyHosts === true) context.res = refuse(new Refusal("invalid-request", "A request has one Host."));
    else if (!hosts.includes(host)) context.res = refuse(new Refusal("misdirected-request", "This host is not served here."));
    else if (req.url.length > longestAddress) context.res = refuse(new Refusal("invalid-request", "The address is too long."));
    else if (req.method === "OPTIONS") context.res = new Response(null, { status: 204, headers: preflightHeaders });
    else await next();
    // What failed for it, behind a function or a workflow, has lost the reason on its way here.
    if (context.res.status === 500 && options.hasStoreFailed()) context.res = refuse(cannotStore());
    for (const [name, value] of Object.entries({ ...headersOfEvery(scheme), ...cors })) context.res.headers.set(name, value);
  });
  // A signed call is AWS's, wherever it goes: `aws s3 ls` asks for the root.
  app.use(({ req, env }, next) =>
    isSigned(req.raw.headers) || isPresigned(req.url) ? answerAws(options.aws, req.raw, env.source) : next(),
  );
  for (const route of options.routes) {
    app.on(route.method, honoPath(route.path), async (context) => respond(await perform(route, context, options)));
  }
  for (const { methods, path } of options.awsPaths)
    app.on([...methods], path, ({ req, env }) => answerAws(options.aws, req.raw, env.source));
  // Relative: behind a proxy we do not stand at the root.
  app.get("/", (context) => context.redirect("order/", 302));
  for (const [path, methods] of methodsByPath(options.routes)) {
    app.all(path, () => refuse(otherMethod(methods)));
  }
  app.get(
    "*",
    (context) => options.apps.respond(context.req.raw, context.req.path, context.env.source.host ?? "") ?? refuse(nothingHere()),
  );
  app.notFound(() => refuse(nothingHere()));
  app.onError((error) => refuse(asRefusal(error, onError)));
  return app;
}

async function answerAws(aws: AwsApi, request: Request, source: Source): Promise<Response> {
  const { status, headers, body } = await aws(routedRequest(request), source);
  return new Response(body, { status, headers });
}

/** G2, G4. */
async function perform(route: Route, context: Handled, options: GatewayOptions): Promise<RouteResponse> {
  const { req } = context;
  const { source } = context.env;
  const caller = await identify(req.header("authorization"), route, options.verify);
  limit(route, caller, source.address, options.rateLimits);
  const closed = route.needsRoom === true ? options.closedToNew() : undefined;
  if (closed !== undefined) throw new Refusal("unavailable", closed, { "retry-after": "5" });
  const url = new URL(req.url);
  const body = req.method === "GET" || req.method === "HEAD" ? undefined : await readJsonBody(req.raw, bodyLimits(route));
  const parsed = parseRequest(route, { pathParameters: req.param(), query: queryOf(url.searchParams), body });
  if ("problem" in parsed) return problemResponse(parsed.problem);
  const call: Call = {
    method: req.method,
    path: req.path,
    ...parsed.request,
    headers: req.header(),
    identity: caller ?? null,
    address: source.address,
    origin: `${source.scheme}://${source.host}${source.prefix}`,
  };
  const handle = async (): Promise<RouteResponse> => {
    if (!isStaffsAct(route)) return route.handle(call);
    const changed = await route.changes?.(call);
    return options.audit.around(
      actOf(route, call, changed),
      () => route.handle(call),
      ({ statusCode, body }) => ({ status: statusCode, made: statusCode < 300 ? route.made?.(body) : undefined }),
    );
  };
  const key = req.header("idempotency-key");
  if (key === undefined || route.method === "GET" || caller === undefined) return handle();
  return options.idempotency.once(
    { key, userId: caller.sub, route: `${route.method} ${route.path}`, request: [url.pathname, url.search, call.body] },
    handle,
  );
}

/** The orders themselves record what every barista does with them. */
function isStaffsAct({ who, method }: Route): boolean {
  return (who === "admin" || who === "operator") && method !== "GET";
}

function actOf(
  { method, path }: Route,
  { identity, address, pathParameters, queryStringParameters, body }: Call,
  changed: JsonObject = {},
): Act {
  const about = { ...namesOf({ ...pathParameters, ...queryStringParameters }), ...settingsOf(body), ...changed };
  return { who: identity?.sub ?? "", address, what: `${method} ${path}`, about };
}

async function identify(header: string | undefined, route: Route, verify: GatewayOptions["verify"]): Promise<Caller | undefined> {
  const token = /^Bearer +([\w.~+/-]{1,4096}=*)$/i.exec(header ?? "")?.[1];
  const caller = token === undefined ? undefined : await verify(token).catch(unlessStoreFailed);
  if (route.who === "public") return caller;
  if (caller === undefined) throw notSignedIn(header !== undefined);
  if (route.who === "admin" && !caller.isAdmin) throw staffOnly();
  if (route.who === "operator" && !caller.isOperator) throw operatorsOnly();
  return caller;
}

/** A token that is not good is the caller's fault; a store that failed is ours. */
function unlessStoreFailed(error: unknown): undefined {
  if (error instanceof StoreError) throw error;
  return undefined;
}

function limit({ limit }: Route, caller: Caller | undefined, address: string, limits: RateLimits): void {
  const isTrusted = caller !== undefined && (caller.isAdmin || caller.isOperator);
  const ownSeconds = isTrusted
    ? limits.take(`admin ${caller.sub}`, adminAllowance)
    : limit.per === "address"
      ? limits.take(`${limit.name} address ${address}`, limit)
      : caller !== undefined
        ? limits.take(`${limit.name} user ${caller.sub}`, limit)
        : limits.take(`${limit.name} nobody ${address}`, {
            burst: limit.burst * usersPerAddress,
            perMinute: limit.perMinute * usersPerAddress,
          });
  // Last: what is refused for its own caller's sake takes nothing from the others.
  const waitSeconds = ownSeconds > 0 || isTrusted ? ownSeconds : limits.take("everybody", everybodysAllowance);
  if (waitSeconds > 0) throw tooManyRequests(waitSeconds);
}

function respond({ statusCode, body, headers = {} }: RouteResponse): Response {
  return new Response(JSON.stringify(body), { status: statusCode, headers: answerHeaders({ statusCode, headers }) });
}

function refuse({ problem, headers }: Refusal): Response {
  return respond(problemResponse(problem, headers));
}

function asRefusal(error: unknown, onError: GatewayOptions["onError"]): Refusal {
  if (error instanceof Refusal) return error;
  onError(error, "http");
  return error instanceof StoreError ? cannotStore() : internalError();
}

function cannotStore(): Refusal {
  return new Refusal("unavailable", "The shop's computer cannot store anything right now.", { "retry-after": "5" });
}

function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}

function methodsByPath(routes: readonly Route[]): Map<string, string> {
  const methods = new Map([["/", "GET, HEAD, POST, OPTIONS"]]);
  for (const { path, method } of routes) {
    const known = methods.get(honoPath(path));
    const names = method === "GET" ? "GET, HEAD" : method;
    methods.set(honoPath(path), known === undefined ? `${names}, OPTIONS` : known.replace("OPTIONS", `${names}, OPTIONS`));
  }
  return methods;
}
