/**
 * The HTTP API: the blueprint's routes.
 *
 * H1. The authorizer checks a token before any function runs: signature, issuer, client, expiry, and that it is an access token (an id token
 *     has no scope).
 * H2. The function of a route checks the required group; a JWT authorizer cannot.
 * H3. The HTTP API forwards `PUT /orders/{id}` to the order manager's own small API (`order-manager-api.ts`), which runs the workflow without a
 *     function: an HTTP API puts a request's text into a workflow's input unescaped, so a guest could claim to be an admin.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */

import type { RouteBlueprint } from "@serverlesspresso/blueprint";
import type { Names } from "@serverlesspresso/contract";
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
import { createLogGroup } from "./log-groups.ts";

/** The scope that every access token of the pool has, and no id token. */
const accessScope = "aws.cognito.signin.user.admin";
/** Requests per second of all callers together; an HTTP API has no limit per caller. */
const throttle = { rateLimit: 500, burstLimit: 1000 } as const;

/** The routes, their functions, and the user pool whose tokens they accept. */
export interface RoutesOptions {
  readonly names: Names;
  readonly routes: readonly RouteBlueprint[];
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly userPoolId: string;
  readonly clientId: string;
  /** The URL of the order manager's own API. */
  readonly orderManagerUrl: string;
  /** Other origins whose pages may call the API. */
  readonly allowedOrigins: readonly string[];
}

/** Creates the API with its one stage. */
export function createRoutes(scope: Construct, options: RoutesOptions): HttpApi {
  const { names, routes, functions, userPoolId, clientId, allowedOrigins } = options;
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
  for (const { method, path, who, target } of routes) {
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

  function integrationOf(target: RouteBlueprint["target"]): HttpRouteIntegration {
    if ("workflow" in target) return orderManager(options.orderManagerUrl);
    const name = target.function;
    return new HttpLambdaIntegration(`${name}-integration`, functions.get(name) as LambdaFunction, { timeout: Duration.seconds(29) });
  }
}

/** Forwards the whole request: path, query, token and body. */
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

/** One line for each request, without the token and without the query, which may hold a code. */
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
