/** Faults in routes, APIs, website and live updates. */
import { type Fault, named, type Part, put, text } from "./shop.ts";

/** Faults that the checks of routes, APIs, website and live updates, and the validator, must find. */
export const webFaults: readonly Fault[] = [
  {
    name: "a route with another method",
    foundBy: "routes",
    spoil: (shop) => put(shop.resource("AWS::ApiGatewayV2::Route", named("RouteKey", "PUT /menu")).Properties, "RouteKey", "POST /menu"),
  },
  {
    name: "a route for staff without a token",
    foundBy: "routes",
    spoil: (shop) =>
      put(shop.resource("AWS::ApiGatewayV2::Route", named("RouteKey", "GET /orders")).Properties, "AuthorizationType", "NONE"),
  },
  {
    name: "a route that takes id tokens",
    foundBy: "routes",
    spoil: (shop) =>
      put(shop.resource("AWS::ApiGatewayV2::Route", named("RouteKey", "GET /myOrders")).Properties, "AuthorizationScopes", undefined),
  },
  {
    name: "tokens of any client",
    foundBy: "api",
    spoil: (shop) => put(shop.resource("AWS::ApiGatewayV2::Authorizer").Properties.JwtConfiguration, "Audience", ["anybody"]),
  },
  {
    name: "the user is what the body says",
    foundBy: "order manager's api",
    spoil(shop) {
      const { Integration } = shop.resource("AWS::ApiGateway::Method").Properties;
      const template = text(Integration?.RequestTemplates).replaceAll("$context.authorizer.claims.sub", "$input.path('$.userId')");
      put(Integration, "RequestTemplates", JSON.parse(template));
    },
  },
  {
    name: "the order manager may be called without end",
    foundBy: "order manager's api",
    spoil: (shop) => put(shop.resource("AWS::ApiGateway::Stage").Properties, "MethodSettings", undefined),
  },
  {
    name: "routes may be called without end",
    foundBy: "api",
    spoil: (shop) => put(shop.resource("AWS::ApiGatewayV2::Stage").Properties, "DefaultRouteSettings", undefined),
  },
  {
    name: "the website does not say whose call it passes on",
    foundBy: "website",
    spoil(shop) {
      const { Origins } = shop.resource("AWS::CloudFront::Distribution").Properties.DistributionConfig ?? {};
      const at = Array.isArray(Origins) ? Origins.findIndex((origin) => text(origin).includes("x-deployment-key")) : 0;
      put(Origins?.[at], "OriginCustomHeaders", undefined);
    },
  },
  {
    name: "a path of the API that the website does not pass on",
    foundBy: "website",
    spoil(shop) {
      const { CacheBehaviors } = shop.resource("AWS::CloudFront::Distribution").Properties.DistributionConfig as Part;
      (CacheBehaviors as unknown as Part[]).pop();
    },
  },
  {
    name: "one guest's failure is answered to the next",
    foundBy: "website",
    spoil: (shop) => put(shop.resource("AWS::CloudFront::Distribution").Properties.DistributionConfig, "CustomErrorResponses", undefined),
  },
  {
    name: "scripts from anywhere",
    foundBy: "website",
    spoil: (shop) =>
      put(
        shop.resource("AWS::CloudFront::ResponseHeadersPolicy").Properties.ResponseHeadersPolicyConfig?.SecurityHeadersConfig
          ?.ContentSecurityPolicy,
        "ContentSecurityPolicy",
        "script-src * 'unsafe-inline'",
      ),
  },
  {
    name: "the website names another authorizer",
    foundBy: "live updates",
    spoil: (shop) => put(shop.resource("AWS::IoT::Authorizer").Properties, "AuthorizerName", "Others"),
  },
  {
    name: "a property with a slip of the pen",
    foundBy: "validator",
    spoil: (shop) => put(shop.resource("AWS::SQS::Queue").Properties, "VisibilityTimeoutSeconds", 30),
  },
  {
    name: "a reference to nothing",
    foundBy: "validator",
    spoil: (shop) =>
      put(shop.resource("AWS::Lambda::Function", named("FunctionName", "GetConfig")).Properties, "Role", {
        "Fn::GetAtt": ["NobodysRole", "Arn"],
      }),
  },
];
