/**
 * The one HTTP entrance.
 *
 * G1. A request for a host that is not ours is answered 421 and looked at no further.
 * G2. What a route says of its caller, its parameters and its body holds before its handler runs.
 * G3. Every refusal is a problem of RFC 9457 with a stable `type`; nothing of the inside (stack, path, version) goes out.
 * G4. A caller's allowance is counted by user, or by address where there is no user; admins have their own, which no guest can use up.
 */
import type { Clock } from "@serverlesspresso/ports";
import { StoreError } from "@serverlesspresso/store";
import { type Context, Hono } from "hono";
import type { Answer, Call, Caller } from "./call.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import type { Hosts } from "./hosts.ts";
import type { Idempotency } from "./idempotency.ts";
import { Problem } from "./problem.ts";
import type { RateLimits } from "./rate-limits.ts";
import { readJsonBody } from "./read-body.ts";
import type { Route } from "./route.ts";
import { commonHeaders } from "./security-headers.ts";
import type { StaticApps } from "./static-apps.ts";
import { queryOf, validate } from "./validate.ts";

export interface GatewayOptions {
  readonly routes: readonly Route[];
  readonly hosts: Hosts;
  /** The port that is listened on; known once it is. */
  readonly port: () => number;
  readonly isSecure: boolean;
  /** Other origins whose pages may call. */
  readonly origins: readonly string[];
  readonly clock: Clock;
  readonly rateLimits: RateLimits;
  readonly idempotency: Idempotency;
  /** The bearer of an access token. Rejects where it is not good. */
  readonly verify: (token: string) => Promise<Caller>;
  /** `POST /`: the calls of AWS's own protocols. */
  readonly aws: (request: Request, address: string) => Promise<Response>;
  readonly apps: StaticApps;
  readonly onError: (error: unknown, what: string) => void;
}

/** What the server hands over with a request. */
export interface GatewayBindings {
  readonly address: string;
}
type Handled = Context<{ Bindings: GatewayBindings }>;

/** Baristas, displays and operators: enough for a shop's whole counter from one account. */
const adminAllowance = { burst: 10_000, perMinute: 60_000 };

export function createGateway(options: GatewayOptions): Hono<{ Bindings: GatewayBindings }> {
  const { hosts, onError } = options;
  const app = new Hono<{ Bindings: GatewayBindings }>({ strict: true });

  app.use(async (context, next) => {
    const { req } = context;
    const cors = corsHeaders(req.header("origin") ?? null, hosts, options.port, options.origins);
    if (!hosts.includes(req.header("host")))
      context.res = problemResponse(new Problem(421, "misdirected-request", "This host is not served here."));
    else if (req.method === "OPTIONS") context.res = new Response(null, { status: 204, headers: preflightHeaders });
    else await next();
    for (const [name, value] of Object.entries({ ...commonHeaders, ...cors })) context.res.headers.set(name, value);
    if (options.isSecure) context.res.headers.set("strict-transport-security", "max-age=31536000");
  });
  for (const route of options.routes) {
    app.on(route.method, honoPath(route.path), async (context) => respond(await perform(route, context, options)));
  }
  app.post("/", (context) => options.aws(context.req.raw, context.env.address));
  app.get("/", (context) => context.redirect("/order/", 302));
  for (const [path, methods] of methodsByPath(options.routes)) {
    app.all(path, () =>
      problemResponse(new Problem(405, "method-not-allowed", "This address does not take that method.", { headers: { allow: methods } })),
    );
  }
  app.get("*", (context) => options.apps.respond(context.req.raw, context.req.path) ?? problemResponse(notFound()));
  app.notFound(() => problemResponse(notFound()));
  app.onError((error) => problemResponse(asProblem(error, onError)));
  return app;
}

/** G2, G4. */
async function perform(route: Route, context: Handled, options: GatewayOptions): Promise<Answer> {
  const { req } = context;
  const address = context.env.address;
  const caller = await identify(req.header("authorization"), route, options.verify);
  limit(route, caller, address, options.rateLimits);
  const url = new URL(req.url);
  const call: Call = {
    caller,
    address,
    origin: `${options.isSecure ? "https" : "http"}://${req.header("host")}`,
    parameters: validate(route.pathParameters, req.param(), "path") as Record<string, string>,
    query: validate(route.query, queryOf(url.searchParams), "query") as Record<string, unknown>,
    body: await readBody(route, req.raw),
    headers: req.raw.headers,
  };
  const key = req.header("idempotency-key");
  if (key === undefined || route.method === "GET" || caller === undefined) return route.handle(call);
  return options.idempotency.once(
    { key, userId: caller.sub, route: `${route.method} ${route.path}`, request: [url.pathname, url.search, call.body ?? null] },
    () => route.handle(call),
  );
}

async function readBody(route: Route, request: Request): Promise<Call["body"]> {
  const body = request.method === "GET" || request.method === "HEAD" ? undefined : await readJsonBody(request);
  return validate(route.body, body, "body") as Call["body"];
}

async function identify(header: string | undefined, route: Route, verify: GatewayOptions["verify"]): Promise<Caller | undefined> {
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? "")?.[1];
  const caller = token === undefined ? undefined : await verify(token).catch(rethrowStoreErrors);
  if (route.who === "public") return caller;
  if (caller === undefined) {
    const detail = token === undefined ? "Sign in first." : "The sign-in has ended. Sign in again.";
    throw new Problem(401, "not-signed-in", detail, {
      headers: { "www-authenticate": `Bearer${token === undefined ? "" : ' error="invalid_token"'}` },
    });
  }
  if (route.who === "admin" && !caller.isAdmin) throw new Problem(403, "not-allowed", "Only the shop's staff may do this.");
  return caller;
}

/** A token that is not good is the caller's fault; a store that failed is ours. */
function rethrowStoreErrors(error: unknown): undefined {
  if (error instanceof StoreError) throw error;
  return undefined;
}

function limit(route: Route, caller: Caller | undefined, address: string, limits: RateLimits): void {
  const waitSeconds = caller?.isAdmin
    ? limits.take(`admin ${caller.sub}`, adminAllowance)
    : limits.take(
        `${route.limit.name} ${route.limit.per === "user" && caller !== undefined ? `user ${caller.sub}` : `address ${address}`}`,
        route.limit,
      );
  if (waitSeconds > 0) throw tooManyRequests(waitSeconds);
}

/** @param waitSeconds after which one more is allowed */
export function tooManyRequests(waitSeconds: number): Problem {
  return new Problem(429, "too-many-requests", `Too many requests. Try again in ${waitSeconds} s.`, {
    headers: { "retry-after": String(waitSeconds) },
  });
}

function respond({ status, body, headers = {} }: Answer): Response {
  if (body === undefined) return new Response(null, { status, headers: { "cache-control": "no-store", ...headers } });
  const type = status >= 400 ? "application/problem+json" : "application/json";
  return new Response(JSON.stringify(body), { status, headers: { "content-type": type, "cache-control": "no-store", ...headers } });
}

/** A problem as it goes out. */
export function problemResponse({ status, type, message, more, headers }: Problem): Response {
  return respond({ status, headers, body: problemBody(status, type, message, more) });
}

/** RFC 9457's members. `type` is a relative reference, stable over releases. */
export function problemBody(status: number, type: string, detail: string, more: object = {}): object {
  return { type: `/problems/${type}`, title: titleOf(type), status, detail, ...more };
}

function titleOf(type: string): string {
  return `${type.charAt(0).toUpperCase()}${type.slice(1).replaceAll("-", " ")}`;
}

function asProblem(error: unknown, onError: GatewayOptions["onError"]): Problem {
  if (error instanceof Problem) return error;
  onError(error, "http");
  if (error instanceof StoreError) {
    return new Problem(503, "unavailable", "The shop's computer cannot store anything right now.", { headers: { "retry-after": "5" } });
  }
  return new Problem(500, "internal-error", "Something went wrong here. Try again.");
}

function notFound(): Problem {
  return new Problem(404, "not-found", "There is nothing at this address.");
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
