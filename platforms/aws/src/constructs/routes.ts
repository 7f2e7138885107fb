/**
 * The HTTP API: the blueprint's routes and the pairing of devices.
 *
 * H1. Tokens are checked before anything runs: signature, issuer, client, end, and that it is an access token (an id token has no scope).
 * H2. The group a route asks for is checked in its function; a JWT authorizer knows no groups.
 * H3. `PUT /orders/{id}` goes on to the order manager's own small API (`order-manager-api.ts`), which runs the workflow without a function:
 *     an HTTP API can put a request's text into a workflow's input only unescaped, so that a guest could write themselves an admin.
 */

import type { RouteBlueprint } from "@serverlesspresso/blueprint";
import { names } from "@serverlesspresso/contract";
import { Duration, Stack } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRouteIntegration,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration, HttpUrlIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { PlatformFunctionName } from "../runtime/functions.ts";
import { createLogGroup } from "./log-groups.ts";

/** The scope every access token of the pool has, and no id token. */
const accessScope = "aws.cognito.signin.user.admin";
/** Of all callers together; per caller there is no such thing here. */
const throttle = { rateLimit: 500, burstLimit: 1000 } as const;

/** A route of the platform's own, beside the blueprint's. */
export type PlatformRoute = Pick<RouteBlueprint, "method" | "path"> & {
  readonly who: RouteBlueprint["who"] | "operator";
  readonly target: { readonly function: PlatformFunctionName };
};

/** Pairing, as on the local platform. `GET /pairings/current` bears a device's secret, which is no token of the pool. */
export const platformRoutes: readonly PlatformRoute[] = [
  { method: "POST", path: "/pairings", who: "public", target: { function: "StartPairing" } },
  { method: "GET", path: "/pairings/current", who: "public", target: { function: "PollPairing" } },
  { method: "POST", path: "/pairings/{code}", who: "operator", target: { function: "ConfirmPairing" } },
];

export interface RoutesOptions {
  readonly routes: readonly RouteBlueprint[];
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Where the order manager's own API is. */
  readonly orderManagerUrl: string;
  /** Other origins whose pages may call. */
  readonly allowedOrigins: readonly string[];
}

/** The API with its one stage. */
export function createRoutes(scope: Construct, options: RoutesOptions): HttpApi {
  const { routes, functions, userPoolId, clientId, allowedOrigins } = options;
  const api = new HttpApi(scope, "Api", {
    apiName: names.bar,
    description: "The coffee bar's API",
    createDefaultStage: false,
    ...(allowedOrigins.length > 0 && { corsPreflight: corsOf(allowedOrigins) }),
  });
  const authorizer = new HttpJwtAuthorizer("Tokens", `https://cognito-idp.${Stack.of(scope).region}.amazonaws.com/${userPoolId}`, {
    authorizerName: "user-pool",
    jwtAudience: [clientId],
  });
  for (const { method, path, who, target } of [...routes, ...platformRoutes]) {
    api.addRoutes({
      path,
      methods: [HttpMethod[method]],
      integration: integrationOf(target),
      ...(who === "public" ? { authorizer: new HttpNoneAuthorizer() } : { authorizer, authorizationScopes: [accessScope] }),
    });
  }
  new HttpStage(scope, "Stage", {
    httpApi: api,
    stageName: "$default",
    autoDeploy: true,
    throttle,
    accessLogSettings: {
      destination: new LogGroupLogDestination(createLogGroup(scope, "Api-logs", names.apiLogGroup)),
      format: AccessLogFormat.custom(accessLog),
    },
  });
  return api;

  function integrationOf(target: RouteBlueprint["target"] | PlatformRoute["target"]): HttpRouteIntegration {
    if ("workflow" in target) return orderManager(options.orderManagerUrl);
    const name = "function" in target ? target.function : "SignInAsGuest";
    return new HttpLambdaIntegration(`${name}-integration`, functions.get(name) as LambdaFunction, { timeout: Duration.seconds(29) });
  }
}

/** Hands the whole request on: path, query, token and body. */
function orderManager(url: string): HttpRouteIntegration {
  return new HttpUrlIntegration("OrderManager-integration", `${url}orders/{id}`, {
    method: HttpMethod.PUT,
    timeout: Duration.seconds(29),
  });
}

function corsOf(allowOrigins: readonly string[]) {
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT],
    allowHeaders: ["authorization", "content-type", "idempotency-key", "x-device-id"],
    exposeHeaders: ["retry-after"],
    maxAge: Duration.days(1),
  };
}

/** One line for each request; never a token, never the query, which may hold a code. */
const accessLog = JSON.stringify({
  time: "$context.requestTime",
  requestId: "$context.requestId",
  route: "$context.routeKey",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  integrationMs: "$context.integrationLatency",
  bytes: "$context.responseLength",
  sub: "$context.authorizer.claims.sub",
  error: "$context.error.message",
  integrationError: "$context.integrationErrorMessage",
});
