/** The HTTP API and the order manager's own. */
import type { Blueprint, RouteBlueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { requestTemplate, responseTemplate } from "../constructs/order-action-mapping.ts";
import { compare, compareSets, type Deployment, type Finding, listOf, objectAt, type Resource } from "./deployment.ts";
import { plainArns } from "./plain-arns.ts";

const accessScope = "aws.cognito.signin.user.admin";

const keyOf = ({ method, path }: Pick<RouteBlueprint, "method" | "path">): string => `${method} ${path}`;

/** Route keys are the blueprint's; each leads where it should, and asks for a token unless it is public. */
export function checkRoutes(deployment: Deployment, { routes: wanted }: Blueprint): Finding[] {
  const found = deployment.all("AWS::ApiGatewayV2::Route");
  const keys = found.map(({ properties }) => String(properties.RouteKey));
  return [
    ...compareSets("api", "route", wanted.map(keyOf), keys),
    ...wanted.flatMap((route) => {
      const resource = found.find(({ properties }) => properties.RouteKey === keyOf(route));
      return resource === undefined ? [] : ofRoute(deployment, route, resource);
    }),
  ];
}

function ofRoute(deployment: Deployment, route: RouteBlueprint, { properties }: Resource): Finding[] {
  const where = `route ${keyOf(route)}`;
  const isPublic = route.who === "public";
  const id = /^integrations\/<(.+)>$/.exec(String(properties.Target))?.[1];
  const integration = deployment.all("AWS::ApiGatewayV2::Integration").find((one) => one.id === id);
  return [
    ...compare(where, "authorization", isPublic ? "NONE" : "JWT", properties.AuthorizationType),
    ...compare(where, "scopes", isPublic ? [] : [accessScope], [...listOf(properties.AuthorizationScopes)]),
    ...ofTarget(deployment, where, route.target, objectAt(integration?.properties)),
  ];
}

function ofTarget(deployment: Deployment, where: string, target: RouteBlueprint["target"], integration: JsonObject): Finding[] {
  const uri = String(integration.IntegrationUri);
  if ("workflow" in target) {
    return /^https:\/\/<\w+>\.execute-api\.us-east-1\.amazonaws\.com\/v1\/orders\/\{id\}$/.test(uri)
      ? []
      : [{ where, what: `leads to ${uri}, expected the order manager's API` }];
  }
  const name = target.function;
  const isLetIn = deployment
    .all("AWS::Lambda::Permission")
    .some(({ properties }) => properties.FunctionName === plainArns.function(name) && properties.Principal === "apigateway.amazonaws.com");
  return [
    ...compare(where, "target", plainArns.function(name), uri),
    ...compare(where, "payload format", "2.0", integration.PayloadFormatVersion),
    ...(isLetIn ? [] : [{ where, what: `function ${name} does not let the API in` }]),
  ];
}

/** Tokens are those of the pool and its one client; all is throttled and logged. */
export function checkApi(deployment: Deployment): Finding[] {
  const client = `<${deployment.all("AWS::Cognito::UserPoolClient")[0]?.id}>`;
  const pool = `<${deployment.all("AWS::Cognito::UserPool")[0]?.id}>`;
  const [authorizer] = deployment.all("AWS::ApiGatewayV2::Authorizer");
  const [stage] = deployment.all("AWS::ApiGatewayV2::Stage");
  const jwt = objectAt(authorizer?.properties, "JwtConfiguration");
  const throttle = objectAt(stage?.properties, "DefaultRouteSettings");
  return [
    ...compare("api", "issuer", `https://cognito-idp.us-east-1.amazonaws.com/${pool}`, jwt.Issuer),
    ...compare("api", "audience", [client], jwt.Audience),
    ...(Number(throttle.ThrottlingRateLimit) > 0 && Number(throttle.ThrottlingBurstLimit) > 0
      ? []
      : [{ where: "api", what: "is not throttled" }]),
    ...(objectAt(stage?.properties, "AccessLogSettings").DestinationArn === undefined ? [{ where: "api", what: "has no access log" }] : []),
  ];
}

/** `PUT /orders/{id}` runs the workflow itself, for who bears an access token of the pool, with the templates that were tested. */
export function checkOrderManagerApi(deployment: Deployment, { routes }: Blueprint): Finding[] {
  const route = routes.find(({ target }) => "workflow" in target);
  const name = route !== undefined && "workflow" in route.target ? route.target.workflow : "";
  const methods = deployment.all("AWS::ApiGateway::Method");
  const [method] = methods;
  const { Integration, HttpMethod, AuthorizationType, AuthorizationScopes, RequestValidatorId } = objectAt(method?.properties);
  const integration = objectAt(Integration);
  const templates = objectAt(integration.RequestTemplates);
  const [everyMethod] = listOf<JsonObject>(deployment.all("AWS::ApiGateway::Stage")[0]?.properties.MethodSettings);
  const [success] = listOf<JsonObject>(integration.IntegrationResponses);
  const where = "order manager's api";
  return [
    ...compare(where, "methods", 1, methods.length),
    ...compare(where, "method", route?.method, HttpMethod),
    ...compare(where, "call", "arn:aws:apigateway:us-east-1:states:action/StartSyncExecution", integration.Uri),
    ...compare(where, "authorization", "COGNITO_USER_POOLS", AuthorizationType),
    ...compare(where, "scopes", [accessScope], AuthorizationScopes),
    ...compare(where, "request template", requestTemplate(plainArns.workflow(name)), templates["application/json"]),
    ...compare(where, "other content types", "NEVER", integration.PassthroughBehavior),
    ...compare(where, "response template", responseTemplate, objectAt(success?.ResponseTemplates)["application/json"]),
    ...(Number(everyMethod?.ThrottlingRateLimit) > 0 && Number(everyMethod?.ThrottlingBurstLimit) > 0 && everyMethod?.ResourcePath === "/*"
      ? []
      : [{ where, what: "is not throttled" }]),
    ...(RequestValidatorId === undefined ? [{ where, what: "does not check bodies" }] : []),
  ];
}
