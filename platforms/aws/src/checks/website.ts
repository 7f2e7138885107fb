/** The website: pages, the API and MQTT under one address. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { failures, patternsOf } from "../constructs/website.ts";
import { edgeKeyHeader } from "../runtime/api/caller-address.ts";
import { platformFunctionOf } from "../runtime/functions.ts";
import { compareSets, type Deployment, type Finding, listOf, objectAt } from "./deployment.ts";

/** Every path of the API has a behaviour, all over HTTPS, pages only for this distribution. */
export function checkWebsite(deployment: Deployment, { routes }: Blueprint): Finding[] {
  const [distribution] = deployment.all("AWS::CloudFront::Distribution");
  const config = objectAt(distribution?.properties, "DistributionConfig");
  const behaviors = [objectAt(config.DefaultCacheBehavior), ...listOf<JsonObject>(config.CacheBehaviors)];
  const paths = listOf<JsonObject>(config.CacheBehaviors).map(({ PathPattern }) => String(PathPattern));
  const wanted = ["/settings.json", "/mqtt", ...patternsOf(routes)];
  const plain = behaviors.filter(({ ViewerProtocolPolicy }) => !["redirect-to-https", "https-only"].includes(String(ViewerProtocolPolicy)));
  const origins = listOf<JsonObject>(config.Origins);
  const closed = origins
    .filter(({ S3OriginConfig }) => S3OriginConfig !== undefined)
    .every(({ OriginAccessControlId }) => OriginAccessControlId !== undefined);
  const saysKey = origins
    .filter(({ DomainName }) => String(DomainName).includes(".execute-api."))
    .every(({ OriginCustomHeaders }) => listOf<JsonObject>(OriginCustomHeaders).some(({ HeaderName }) => HeaderName === edgeKeyHeader));
  return [
    ...compareSets("website", "path", wanted, paths),
    ...plain.map(({ PathPattern = "*" }) => ({ where: `path ${String(PathPattern)}`, what: "can be reached without TLS" })),
    ...(closed ? [] : [{ where: "website", what: "reads its bucket without an access control of its own" }]),
    ...(saysKey ? [] : [{ where: "website", what: "calls the API without the key by which the caller's address counts" }]),
    ...failures.flatMap((status) => {
      const response = listOf<JsonObject>(config.CustomErrorResponses).find(({ ErrorCode }) => ErrorCode === status);
      return response?.ErrorCachingMinTTL === 0 ? [] : [{ where: "website", what: `keeps answers of ${status}` }];
    }),
    ...checkHeaders(deployment),
  ];
}

/** The strictest Content-Security-Policy, and what else a page needs. */
function checkHeaders(deployment: Deployment): Finding[] {
  const [policy] = deployment.all("AWS::CloudFront::ResponseHeadersPolicy");
  const security = objectAt(policy?.properties, "ResponseHeadersPolicyConfig", "SecurityHeadersConfig");
  const csp = String(objectAt(security.ContentSecurityPolicy).ContentSecurityPolicy);
  const missing = [
    "default-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].filter((directive) => !csp.includes(directive));
  const lifeSeconds = Number(objectAt(security.StrictTransportSecurity).AccessControlMaxAgeSec);
  return [
    ...missing.map((directive) => ({ where: "security headers", what: `lack ${directive}` })),
    ...(/unsafe-|\*/.test(csp) ? [{ where: "security headers", what: `allow too much: ${csp}` }] : []),
    ...(lifeSeconds >= 31_536_000 ? [] : [{ where: "security headers", what: "keep HTTPS for less than a year" }]),
    ...(security.ContentTypeOptions === undefined ? [{ where: "security headers", what: "let browsers guess types" }] : []),
  ];
}

/** IoT Core's authorizer calls the function `AuthorizeTopics`, and the website's `/mqtt` names that authorizer and no other. */
export function checkLiveUpdates(deployment: Deployment, { names }: Blueprint): Finding[] {
  const [authorizer] = deployment.all("AWS::IoT::Authorizer");
  const { AuthorizerName, AuthorizerFunctionArn, Status, SigningDisabled } = objectAt(authorizer?.properties);
  const arn = `arn:aws:iot:us-east-1:123456789012:authorizer/${String(AuthorizerName)}`;
  const isLetIn = deployment
    .all("AWS::Lambda::Permission")
    .some(({ properties }) => properties.Principal === "iot.amazonaws.com" && properties.SourceArn === arn);
  const isNamed = deployment
    .all("AWS::CloudFront::Function")
    .some(({ properties }) => String(properties.FunctionCode).includes(`"${String(AuthorizerName)}"`));
  const isOurs = String(AuthorizerFunctionArn).endsWith(`:function:${platformFunctionOf(names, "AuthorizeTopics")}`);
  const where = "live updates";
  return [
    ...(isOurs ? [] : [{ where, what: `ask ${String(AuthorizerFunctionArn)} who a client is` }]),
    ...(Status === "ACTIVE" && SigningDisabled === true ? [] : [{ where, what: "would refuse every client" }]),
    ...(isLetIn ? [] : [{ where, what: "may not call the authorizer's function" }]),
    ...(isNamed ? [] : [{ where, what: "are reached under no authorizer's name" }]),
  ];
}
