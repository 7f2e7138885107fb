/**
 * The apps and everything they call, under one host name: pages from a private bucket, the API and MQTT.
 *
 * W1. Only this CloudFront distribution can read the bucket.
 * W2. One origin: the apps need no settings, browsers send no CORS preflight, and the strictest Content-Security-Policy works.
 * W3. Errors are not cached: by default CloudFront would return one guest's 404 to the next for ten seconds.
 * W4. `/settings.json` is made at the edge, so that it has the current time.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
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
import { edgeKeyHeader } from "../runtime/api/caller-address.ts";
import { mqttCode, type PublicSettings, pagesCode, settingsCode } from "./edge-code.ts";
import { createLogGroup } from "./log-groups.ts";
import type { LiveUpdates } from "./topics.ts";

/**
 * The statuses that CloudFront caches by default.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
export const failures = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504] as const;

/** The apps, the API and the settings behind the one host name. */
export interface WebsiteOptions {
  /** The name of the bar. */
  readonly bar: string;
  /** The folder of the built apps. */
  readonly appsFolder: string;
  /** Served as `/openapi.json`. */
  readonly openApi: object;
  readonly paths: readonly Pick<RouteBlueprint, "path">[];
  readonly apiId: string;
  /** Added to each call of the API, so that it believes the caller's address. */
  readonly edgeKey: string;
  readonly live: LiveUpdates;
  readonly settings: PublicSettings;
  /** A custom host name with the ARN of its certificate in us-east-1; undefined for CloudFront's own name. */
  readonly domain: { readonly name: string; readonly certificateArn: string } | undefined;
}

/** Creates the bucket, its content and the distribution. */
export function createWebsite(scope: Construct, options: WebsiteOptions): Distribution {
  const { bar, apiId, live, settings, domain } = options;
  // The cast is needed because CDK's own types disagree under exactOptionalPropertyTypes.
  const bucket = new Bucket(scope, "Apps", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
  }) as IBucket;
  const headers = securityHeaders(scope, bar, settings.userPoolEndpoint);
  const pages: BehaviorOptions = {
    origin: S3BucketOrigin.withOriginAccessControl(bucket),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    responseHeadersPolicy: headers,
    compress: true,
  };
  const apiHost = `${apiId}.execute-api.${Stack.of(scope).region}.amazonaws.com`;
  const api = passOn(new HttpOrigin(apiHost, { customHeaders: { [edgeKeyHeader]: options.edgeKey } }));
  const mqtt = passOn(new HttpOrigin(live.endpoint));
  const distribution = new Distribution(scope, "Distribution", {
    comment: bar,
    defaultBehavior: { ...pages, ...atEdge(scope, bar, "Pages", pagesCode) },
    additionalBehaviors: {
      "/settings.json": { ...pages, ...atEdge(scope, bar, "Settings", settingsCode(settings)) },
      "/mqtt": { ...mqtt, ...atEdge(scope, bar, "Mqtt", mqttCode(live.authorizerName)) },
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

/** Returns the path patterns of the behaviours for these routes: `/orders` and `/orders/*`. */
export function patternsOf(routes: readonly Pick<RouteBlueprint, "path">[]): string[] {
  const patterns = routes.map(({ path }) => path.replace(/\{\w+\}.*$/, "*"));
  return [...new Set(patterns)].sort();
}

/** Returns a behaviour that forwards requests unchanged and caches nothing. */
function passOn(origin: IOrigin): BehaviorOptions {
  return {
    origin,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  };
}

function atEdge(scope: Construct, bar: string, id: string, code: string): Pick<BehaviorOptions, "functionAssociations"> {
  const fn = new EdgeFunction(scope, `Edge-${id}`, {
    functionName: `${bar}-${id}`,
    code: FunctionCode.fromInline(code),
    runtime: FunctionRuntime.JS_2_0,
    comment: `What ${id.toLowerCase()} needs before its origin`,
  });
  return { functionAssociations: [{ function: fn, eventType: FunctionEventType.VIEWER_REQUEST }] };
}

/** Returns the headers that the local gateway sends with every page, and HSTS for a year. */
function securityHeaders(scope: Construct, bar: string, userPoolEndpoint: string): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, "SecurityHeaders", {
    comment: `${bar}: the apps' security headers`,
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

/** Uploads the files with a content hash in their name first, cached for ever, then the pages that refer to them. */
function deploy(scope: Construct, bucket: IBucket, distribution: Distribution, { bar, appsFolder, openApi }: WebsiteOptions): void {
  const logGroup = createLogGroup(scope, "Upload-logs", `/aws/lambda/${bar}-upload`);
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
