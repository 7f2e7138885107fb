/** What is not supported is refused in the caller's own protocol, and no validator's words reach a client of AWS. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../../platforms/local/src/aws/cbor.ts";
import { cliMissing } from "../support/aws-cli.ts";
import { notRun } from "../support/not-run.ts";
import { callSigned } from "./sign.ts";
import { type AwsBar, openAwsBar } from "./support.ts";

let bar: AwsBar;
beforeAll(async () => {
  bar = await openAwsBar();
});
afterAll(() => bar.close());

const form = { "content-type": "application/x-www-form-urlencoded" };
const json = (version: string, target: string) => ({ "content-type": `application/x-amz-json-${version}`, "x-amz-target": target });
const services = /expected one of .*\bdynamodb\b.*\bstates\b/;

test("each service is named once in the list of those that are here", async () => {
  const response = await callSigned(bar, { service: "secretsmanager", headers: json("1.1", "secretsmanager.ListSecrets"), body: "{}" });
  const { message } = (await response.json()) as { message: string };
  const listed = /expected one of (.+)$/.exec(message)?.[1]?.split(", ") ?? [];
  expect(listed.toSorted()).toEqual([...new Set(listed)].toSorted());
});

describe("a signed call of what is not here", () => {
  test.each([
    { what: "JSON 1.1, another service", service: "secretsmanager", headers: json("1.1", "secretsmanager.ListSecrets"), message: services },
    {
      what: "JSON 1.0, another operation",
      service: "dynamodb",
      headers: json("1.0", "DynamoDB_20120810.CreateBackup"),
      message: /PutItem/,
    },
    {
      what: "JSON 1.1, another operation",
      service: "cognito-idp",
      headers: json("1.1", "AWSCognitoIdentityProviderService.AssociateSoftwareToken"),
      message: /InitiateAuth/,
    },
  ])("$what", async ({ service, headers, message }) => {
    const response = await callSigned(bar, { service, headers, body: "{}" });
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([400, "UnknownOperationException"]);
    expect(response.headers.get("content-type")).toBe(headers["content-type"]);
    expect(await response.json()).toMatchObject({ __type: "UnknownOperationException", message: expect.stringMatching(message) });
  });

  test.each([
    { what: "another service", service: "AmazonKinesis", operation: "ListStreams", message: services },
    { what: "another operation", service: "GraniteServiceVersion20100801", operation: "ListMetricStreams", message: /PutMetricData/ },
  ])("CBOR, $what", async ({ service, operation, message }) => {
    const response = await callSigned(bar, {
      service: "monitoring",
      path: `/service/${service}/operation/${operation}`,
      headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body: new Uint8Array(encodeCbor({}, () => false)),
    });
    expect([response.status, response.headers.get("smithy-protocol")]).toEqual([400, "rpc-v2-cbor"]);
    const decoded = decodeCbor(Buffer.from(await response.arrayBuffer()));
    expect(decoded).toMatchObject({ __type: "UnknownOperationException", message: expect.stringMatching(message) });
  });

  test.each([
    {
      what: "another service",
      service: "sns",
      parameters: "Action=ListTopics&Version=2010-03-31",
      error: /<Error>.*<Code>InvalidAction<\/Code>.*&quot;sns&quot; is not/s,
    },
    {
      what: "EC2's own form",
      service: "ec2",
      parameters: "Action=DescribeInstances&Version=2016-11-15",
      error: /<Errors><Error><Code>InvalidAction<.*&quot;ec2&quot; is not/s,
    },
    {
      what: "another operation",
      service: "sts",
      parameters: "Action=AssumeRole&Version=2011-06-15",
      error: /<Code>InvalidAction<.*expected one of GetCallerIdentity/s,
    },
  ])("query, $what", async ({ service, parameters, error }) => {
    const response = await callSigned(bar, { service, headers: form, body: parameters });
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      400,
      "text/xml",
      expect.stringMatching(error),
    ]);
  });

  test.each([
    { method: "GET", path: "/" },
    { method: "GET", path: "/bucket" },
    { method: "PUT", path: "/bucket/a/key" },
    { method: "DELETE", path: "/config" },
    { method: "POST", path: "/bucket" },
  ])("REST XML: S3, $method $path", async ({ method, path }) => {
    const authorization = "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x";
    const response = await fetch(bar.url + path, { method, headers: { authorization } });
    expect([response.status, response.headers.get("content-type")]).toEqual([501, "application/xml"]);
    expect(await response.text()).toMatch(
      /<Error><Code>NotImplemented<\/Code><Message>The service &quot;s3&quot; is not supported here, expected one of/,
    );
  });
  test("REST XML: HEAD has no body", async () => {
    const authorization = "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x";
    const response = await fetch(`${bar.url}/bucket`, { method: "HEAD", headers: { authorization } });
    expect([response.status, await response.text()]).toEqual([501, ""]);
  });

  test.each([
    {
      what: "another operation",
      service: "lambda",
      method: "DELETE",
      path: "/2015-03-31/functions/GetConfig",
      message: /lambda has no operation "DELETE \/2015-03-31\/functions\/GetConfig" here, expected one of GetFunction/,
    },
    { what: "a newer version", service: "lambda", method: "POST", path: "/2017-03-31/tags/x", message: /expected one of GetFunction/ },
    { what: "another service", service: "apigateway", method: "DELETE", path: "/restapis/x", message: services },
    { what: "a path of our own", service: "execute-api", method: "PUT", path: "/menu", message: services },
  ])("REST JSON, $what", async ({ service, method, path, message }) => {
    const response = await callSigned(bar, { service, method, path });
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([404, "UnknownOperationException"]);
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(message) });
  });
});

test("what is known to be missing is refused with the reason", async () => {
  const response = await callSigned(bar, { service: "events", headers: json("1.1", "AWSEvents.PutPermission"), body: "{}" });
  expect(await response.json()).toMatchObject({
    message: expect.stringMatching(
      /^AWSEvents has no operation "PutPermission" here: there is one account, expected one of CancelReplay, /,
    ),
  });
});

test("an unsigned call of what is not here is told the same", async () => {
  const headers = json("1.1", "AWSCognitoIdentityProviderService.AssociateSoftwareToken");
  const response = await fetch(`${bar.url}/`, { method: "POST", headers, body: "{}" });
  expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([
    400,
    expect.stringMatching(
      /has no operation "AssociateSoftwareToken" here: a password .* is the one factor, expected one of .*InitiateAuth/,
    ),
  ]);
});

describe("what is wrong with a request is said as AWS says it", () => {
  const validatorsWords = /Invalid input|expected \w+, received|Too (small|big)|Unrecognized key|Invalid (string|option|ISO)/;
  const targets = [
    ["AWSCognitoIdentityProviderService", "cognito-idp"],
    ["DynamoDB_20120810", "dynamodb"],
    ["AWSStepFunctions", "states"],
    ["AWSEvents", "events"],
    ["AmazonSQS", "sqs"],
    ["Logs_20140328", "logs"],
    ["GraniteServiceVersion20100801", "monitoring"],
  ] as const;
  const names =
    "name arn stateMachineArn executionArn definition roleArn input maxResults nextToken Name Arn Rule Targets Entries EventPattern Limit QueueUrl QueueName MessageBody MaxNumberOfMessages Attributes Entries TagKeys Tags logGroupName logStreamName startTime limit filterPattern Namespace MetricData MetricName Period Statistics TableName Key Item KeySchema Username UserPoolId ClientId AuthFlow AuthParameters Password UserAttributes GroupName".split(
      " ",
    );
  const bodies = [
    {},
    ...[5, "", "x".repeat(3_000), [5], { a: { b: [] } }, null].map((value) => Object.fromEntries(names.map((name) => [name, value]))),
  ];

  test.each(targets)("%s, every operation", async (target, service) => {
    const call = async (operation: string, body: object): Promise<{ message?: string; status: number }> => {
      const headers = json("1.1", `${target}.${operation}`);
      const response = await callSigned(bar, { service, headers, body: JSON.stringify(body) });
      return { status: response.status, ...((await response.json()) as { message?: string }) };
    };
    const listed = /expected one of (.+)$/.exec((await call("Dance", {})).message ?? "")?.[1]?.split(", ") ?? [];
    expect(listed.length).toBeGreaterThan(5);
    for (const operation of listed.filter((name) => name !== "GetActivityTask")) {
      for (const body of bodies) {
        const { message = "", status } = await call(operation, body);
        expect([operation, message]).toEqual([operation, expect.not.stringMatching(validatorsWords)]);
        expect([operation, status < 500]).toEqual([operation, true]);
      }
    }
  });

  test("a missing member, and one that is too long", async () => {
    const call = async (body: object) => {
      const headers = json("1.0", "AWSStepFunctions.CreateStateMachine");
      return (await callSigned(bar, { service: "states", headers, body: JSON.stringify(body) })).json();
    };
    expect(await call({ definition: "{}", roleArn: "arn:aws:iam::123456789012:role/a" })).toMatchObject({
      message: "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    });
    expect(await call({ name: "x", definition: "{}", roleArn: "" })).toMatchObject({
      message: expect.stringMatching(
        /^1 validation error detected: Value '' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 1$/,
      ),
    });
  });
});

describe(`the AWS CLI says it, too${notRun(cliMissing)}`, () => {
  const run = promisify(execFile);
  test.skipIf(cliMissing !== undefined).concurrent.each([
    [["s3", "ls"], /NotImplemented.*The service "s3" is not supported here/],
    [["lambda", "delete-function", "--function-name", "GetConfig"], /UnknownOperation.*lambda has no operation "DELETE/],
    [["cognito-idp", "associate-software-token", "--access-token", "x"], /UnknownOperation.*has no operation "AssociateSoftwareToken"/],
    [["ec2", "describe-instances"], /InvalidAction.*The service "ec2" is not supported here/],
    [["sns", "list-topics"], /InvalidAction.*The service "sns" is not supported here/],
    [["route53", "list-hosted-zones"], /The service "route53" is not supported here/],
    [["secretsmanager", "list-secrets"], /UnknownOperation.*"secretsmanager" is not supported here/],
  ])(
    "aws %j",
    async (args, words) => {
      const env = {
        ...process.env,
        AWS_ACCESS_KEY_ID: bar.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: bar.credentials.secretAccessKey,
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_MAX_ATTEMPTS: "1",
      };
      const failure = await run("aws", ["--endpoint-url", bar.url, ...args], { env }).then(
        ({ stdout }) => stdout,
        ({ stderr }: { stderr: string }) => stderr,
      );
      expect(failure).toMatch(words);
    },
    60_000,
  );
});
