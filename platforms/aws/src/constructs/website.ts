/**
 * The apps, and everything they call, under one address: pages out of a closed bucket, the API and MQTT behind the same name.
 *
 * W1. The bucket is nobody's but CloudFront's, and CloudFront's of this one distribution.
 * W2. One origin: the apps need no settings, browsers ask no CORS question first, and the strictest Content-Security-Policy holds.
 * W3. No failure is kept: left to itself CloudFront would answer one guest's 404 to the next for ten seconds.
 * W4. `/settings.json` is made at the edge, so it has the time.
 */
import type { RouteBlueprint } from "@serverlesspresso/blueprint";
import { contentSecurityPolicy, permissionsPolicy } from "@serverlesspresso/blueprint/edge/page-policy.ts";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, CacheControl, Source } from "aws-cdk-lib/aws-s3-deployment";
import type { Construct } from "constructs";
import { mqttCode, type PublicSettings, pagesCode, settingsCode } from "./edge-code.ts";
import { createLogGroup } from "./log-groups.ts";
import type { LiveUpdates } from "./topics.ts";

/** Every failure that CloudFront would keep. */
export const failures = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504] as const;

export interface WebsiteOptions {
  /** Vite's output. */
  readonly appsFolder: string;
  /** Served as `/openapi.json`. */
  readonly openApi: object;
  readonly paths: readonly Pick<RouteBlueprint, "path">[];
  readonly apiId: string;
  readonly live: LiveUpdates;
  readonly settings: PublicSettings;
  /** A name of one's own, and its certificate in us-east-1. */
  readonly domain: { readonly name: string; readonly certificateArn: string } | undefined;
}

export function createWebsite(scope: Construct, options: WebsiteOptions): Distribution {
  const { apiId, live, settings, domain } = options;
  // CDK's own types disagree under exactOptionalPropertyTypes.
  const bucket = new Bucket(scope, "Apps", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
  }) as IBucket;
  const headers = securityHeaders(scope, settings.userPoolEndpoint);
  const pages: BehaviorOptions = {
    origin: S3BucketOrigin.withOriginAccessControl(bucket),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    responseHeadersPolicy: headers,
    compress: true,
  };
  const api = passOn(new HttpOrigin(`${apiId}.execute-api.${Stack.of(scope).region}.amazonaws.com`));
  const mqtt = passOn(new HttpOrigin(live.endpoint));
  const distribution = new Distribution(scope, "Distribution", {
    comment: "Serverlesspresso",
    defaultBehavior: { ...pages, ...atEdge(scope, "Pages", pagesCode) },
    additionalBehaviors: {
      "/settings.json": { ...pages, ...atEdge(scope, "Settings", settingsCode(settings)) },
      "/mqtt": { ...mqtt, ...atEdge(scope, "Mqtt", mqttCode(live.authorizerName)) },
      ...Object.fromEntries(patternsOf(options.paths).map((pattern) => [pattern, { ...api, responseHeadersPolicy: headers }])),
    },
    errorResponses: failures.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    priceClass: PriceClass.PRICE_CLASS_100,
    httpVersion: HttpVersion.HTTP2_AND_3,
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    ...(domain !== undefined && {
      domainNames: [domain.name],
      certificate: Certificate.fromCertificateArn(scope, "Certificate", domain.certificateArn),
    }),
  });
  deploy(scope, bucket, distribution, options);
  return distribution;
}

/** The behaviours that reach all these paths: `/orders` and `/orders/*`. */
export function patternsOf(routes: readonly Pick<RouteBlueprint, "path">[]): string[] {
  const patterns = routes.map(({ path }) => path.replace(/\{\w+\}.*$/, "*"));
  return [...new Set(patterns)].sort();
}

/** As it came, and nothing kept. */
function passOn(origin: IOrigin): BehaviorOptions {
  return {
    origin,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  };
}

function atEdge(scope: Construct, id: string, code: string): Pick<BehaviorOptions, "functionAssociations"> {
  const fn = new EdgeFunction(scope, `Edge-${id}`, {
    functionName: `Serverlesspresso-${id}`,
    code: FunctionCode.fromInline(code),
    runtime: FunctionRuntime.JS_2_0,
    comment: `What ${id.toLowerCase()} needs before its origin`,
  });
  return { functionAssociations: [{ function: fn, eventType: FunctionEventType.VIEWER_REQUEST }] };
}

/** What the local gateway sends on every page, and HTTPS for a year. */
function securityHeaders(scope: Construct, userPoolEndpoint: string): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, "SecurityHeaders", {
    comment: "Serverlesspresso: the apps' security headers",
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy([userPoolEndpoint]), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: false, override: true },
    },
    customHeadersBehavior: {
      customHeaders: [
        { header: "cross-origin-opener-policy", value: "same-origin", override: true },
        { header: "cross-origin-resource-policy", value: "same-origin", override: true },
        { header: "permissions-policy", value: permissionsPolicy, override: true },
      ],
    },
  });
}

/** Files named after their content first and for good, then what names them. */
function deploy(scope: Construct, bucket: IBucket, distribution: Distribution, { appsFolder, openApi }: WebsiteOptions): void {
  const logGroup = createLogGroup(scope, "Upload-logs", "/aws/lambda/Serverlesspresso-upload");
  const upload = { destinationBucket: bucket, prune: false, memoryLimit: 256, logGroup } as const;
  const assets = new BucketDeployment(scope, "Upload-assets", {
    ...upload,
    sources: [Source.asset(appsFolder, { exclude: ["**", "!assets", "!assets/**"] })],
    cacheControl: [CacheControl.fromString("public, max-age=31536000, immutable")],
  });
  const pages = new BucketDeployment(scope, "Upload-pages", {
    ...upload,
    sources: [Source.asset(appsFolder, { exclude: ["assets/**"] }), Source.jsonData("openapi.json", openApi)],
    cacheControl: [CacheControl.fromString("no-cache")],
    distribution,
    distributionPaths: ["/*"],
  });
  pages.node.addDependency(assets);
}
