/** What is reachable from outside the account. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { canonical, compare, type Deployment, type Finding, listOf, objectAt } from "./deployment.ts";

/** Buckets are closed: by their settings and by their policies. */
export function checkNoPublicBucket(deployment: Deployment): Finding[] {
  const open = deployment.all("AWS::S3::Bucket").flatMap(({ id, properties }) => {
    const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } = objectAt(
      properties.PublicAccessBlockConfiguration,
    );
    const isClosed = [BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets].every((one) => one === true);
    return isClosed && properties.WebsiteConfiguration === undefined ? [] : [{ where: `bucket ${id}`, what: "can be made public" }];
  });
  const allowing = deployment.all("AWS::S3::BucketPolicy").flatMap(({ id, properties }) =>
    listOf<JsonObject>(objectAt(properties.PolicyDocument).Statement)
      .filter(({ Effect, Principal }) => Effect === "Allow" && isAnybody(Principal))
      .map(({ Action }) => ({ where: `policy ${id}`, what: `lets anybody ${canonical(Action)}` })),
  );
  return [...open, ...allowing];
}

const isAnybody = (principal: JsonObject[string] | undefined): boolean => principal === "*" || objectAt(principal).AWS === "*";

/** Every caller is authenticated: no unauthenticated Cognito identity, no open function URL, no policy for the principal `*`. */
export function checkNoUnauthenticatedIdentity(deployment: Deployment): Finding[] {
  const pools = deployment
    .all("AWS::Cognito::IdentityPool")
    .filter(({ properties }) => properties.AllowUnauthenticatedIdentities !== false)
    .map(({ id }) => ({ where: `identity pool ${id}`, what: "takes the unauthenticated" }));
  const addresses = deployment
    .all("AWS::Lambda::Url")
    .filter(({ properties }) => properties.AuthType !== "AWS_IAM")
    .map(({ id }) => ({ where: `function URL ${id}`, what: "is open" }));
  const permissions = deployment
    .all("AWS::Lambda::Permission")
    .filter(({ properties }) => properties.Principal === "*" || properties.SourceArn === undefined)
    .map(({ id }) => ({ where: `permission ${id}`, what: "is not for one source" }));
  const policies = ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"].flatMap((type) =>
    deployment.all(type).flatMap(({ id, properties }) =>
      listOf<JsonObject>(objectAt(properties.PolicyDocument).Statement)
        .filter(({ Effect, Principal }) => Effect === "Allow" && isAnybody(Principal))
        .map(() => ({ where: `policy ${id}`, what: "is open to anybody" })),
    ),
  );
  return [...pools, ...addresses, ...permissions, ...policies];
}

/** The apps' client has no secret (a browser cannot keep one), allows only passwords, SRP and refresh, and does not reveal which users exist. */
export function checkUserPool(deployment: Deployment, { names }: Blueprint): Finding[] {
  const clients = deployment
    .all("AWS::Cognito::UserPoolClient")
    .flatMap(({ id, properties }) => [
      ...compare(id, "secret", false, properties.GenerateSecret),
      ...compare(
        id,
        "flows",
        ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"],
        [...listOf<string>(properties.ExplicitAuthFlows)].sort(),
      ),
      ...compare(id, "errors", "ENABLED", properties.PreventUserExistenceErrors),
      ...compare(id, "OAuth", undefined, properties.AllowedOAuthFlows),
    ]);
  const pools = deployment.all("AWS::Cognito::UserPool").flatMap(({ id, properties }) => {
    const length = Number(objectAt(properties.Policies, "PasswordPolicy").MinimumLength);
    return [
      ...(length >= 12 ? [] : [{ where: id, what: `takes passwords of ${length} characters` }]),
      ...compare(id, "name", names.userPool, properties.UserPoolName),
      ...compare(id, "sign-in", ["email"], properties.UsernameAttributes),
    ];
  });
  const groups = deployment.all("AWS::Cognito::UserPoolGroup").map(({ properties }) => String(properties.GroupName));
  return [...clients, ...pools, ...compare("user pool", "groups", ["admin", "operator"], [...groups].sort())];
}

/** All data is encrypted at rest and in transit. */
export function checkEncryption(deployment: Deployment): Finding[] {
  const queues = deployment
    .all("AWS::SQS::Queue")
    .filter(({ properties }) => properties.SqsManagedSseEnabled !== true)
    .map(({ properties }) => ({ where: `queue ${properties.QueueName}`, what: "is not encrypted" }));
  const buckets = deployment
    .all("AWS::S3::Bucket")
    .filter(({ properties }) => properties.BucketEncryption === undefined)
    .map(({ id }) => ({ where: `bucket ${id}`, what: "is not encrypted" }));
  const plain = [...deployment.all("AWS::SQS::Queue"), ...deployment.all("AWS::S3::Bucket")].filter(
    ({ id }) => !deniesPlainHttp(deployment, id),
  );
  return [...queues, ...buckets, ...plain.map(({ id }) => ({ where: id, what: "can be reached without TLS" }))];
}

function deniesPlainHttp(deployment: Deployment, id: string): boolean {
  return ["AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"].some((type) =>
    deployment.all(type).some(({ properties }) => {
      const isOfIt = [...listOf(properties.Queues), properties.Bucket].includes(`<${id}>`);
      return isOfIt && listOf<JsonObject>(objectAt(properties.PolicyDocument).Statement).some(isDenialOfPlainHttp);
    }),
  );
}

function isDenialOfPlainHttp({ Effect, Condition }: JsonObject): boolean {
  return Effect === "Deny" && objectAt(Condition, "Bool")["aws:SecureTransport"] === "false";
}
