/**
 * Sends a bar in this process whatever may reach into prototypes, by HTTP, AWS's protocols, MQTT, definitions and queries, and prints how
 * many inputs there were, how many were answered as a failure of the bar's own, and what is no longer as it was.
 */

import { createManualClock } from "@serverlesspresso/clock";
import fc from "fast-check";
import { WebSocket } from "ws";
import { callSigned } from "../aws/sign.ts";
import { openAwsBar } from "../aws/support.ts";
import { callApi, signInGuest } from "../support/api.ts";

const inputs = Number(process.env.POISON_INPUTS ?? 100);
const bar = await openAwsBar({ clock: createManualClock(Date.now()) });
// What libraries keep on the global object from their start on is no poison: its sight of things begins here.
const { assertNoPoisoning } = await import("@fast-check/poisoning");
const guest = await signInGuest(bar.url);
const signature = (operation: string, service: string, prefix: string) => ({ operation, service, target: `${prefix}.${operation}` });
const operations = [
  signature("PutItem", "dynamodb", "DynamoDB_20120810"),
  signature("UpdateItem", "dynamodb", "DynamoDB_20120810"),
  signature("Query", "dynamodb", "DynamoDB_20120810"),
  signature("PutEvents", "events", "AWSEvents"),
  signature("PutRule", "events", "AWSEvents"),
  signature("TestEventPattern", "events", "AWSEvents"),
  signature("StartExecution", "states", "AWSStepFunctions"),
  signature("CreateStateMachine", "states", "AWSStepFunctions"),
  signature("SendMessage", "sqs", "AmazonSQS"),
  signature("PutLogEvents", "logs", "Logs_20140328"),
  signature("SignUp", "cognito-idp", "AWSCognitoIdentityProviderService"),
];

const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__", "length", "a"];
const members = [
  "Item",
  "Key",
  "TableName",
  "Entries",
  "Detail",
  "EventPattern",
  "Event",
  "input",
  "definition",
  "UserAttributes",
  "logEvents",
];
const leaf = fc.oneof(
  fc.constantFrom("serverlesspresso-order-table", "x", "$.__proto__.polluted", "{% $states.__proto__ %}"),
  fc.integer(),
  fc.boolean(),
);
/** JSON as text: as a value a name `__proto__` would be lost before it is sent. */
const { json } = fc.letrec<{ json: string; object: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    leaf.map((value) => JSON.stringify(value)),
    tie("object"),
    fc.array(tie("json"), { maxLength: 2 }).map((all) => `[${all}]`),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...names, "S", "M"), tie("json")), { maxLength: 3 })
    .map((entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${value}`)}}`),
}));
const body = fc
  .array(
    fc.tuple(
      fc.constantFrom(...members, ...names),
      fc.oneof(
        json,
        json.map((text) => JSON.stringify(text)),
      ),
    ),
    { maxLength: 4 },
  )
  .map((entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${value}`)}}`);
const state = fc
  .tuple(fc.constantFrom("Parameters", "Result", "ResultSelector", "Assign", "Output"), json, fc.constantFrom(...names))
  .map(([field, value, path]) => `{"Type":"Pass","End":true,"${field}":${value},"ResultPath":"$.${path}"}`);
const routes = ["POST /guests", "PUT /orders/x", "PUT /config", "POST /qr-code", "POST /pairings", "PUT /menu"];

const statuses: number[] = [];
for (const [at, text] of fc.sample(body, { numRuns: inputs, seed: 34 }).entries()) {
  const { service, target } = operations[at % operations.length] as (typeof operations)[number];
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
  statuses.push((await callSigned(bar, { service, headers, body: text })).status);
  const [method = "", path = ""] = (routes[at % routes.length] as string).split(" ");
  const http = { authorization: `Bearer ${guest.token}`, "content-type": "application/json" };
  statuses.push((await fetch(bar.url + path, { method, headers: http, body: text })).status);
}
for (const definition of fc.sample(state, { numRuns: inputs, seed: 34 })) {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AWSStepFunctions.TestState" };
  const text = JSON.stringify({ definition, roleArn: "arn:aws:iam::123456789012:role/x", input: '{"__proto__":{"polluted":1},"a":1}' });
  statuses.push((await callSigned(bar, { service: "states", headers, body: text })).status);
}
const publish = (topic: string): Buffer =>
  Buffer.concat([Buffer.from([0x30, topic.length + 4, 0, topic.length]), Buffer.from(topic), Buffer.from("{}")]);
for (const name of names) {
  const socket = new WebSocket(`${bar.url.replace("http", "ws")}/mqtt`, "mqtt").on("error", () => {});
  await new Promise((resolve) => socket.once("open", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.send(
    Buffer.concat([
      Buffer.from([0x10, 12 + name.length, 0, 4]),
      Buffer.from("MQTT"),
      Buffer.from([4, 2, 0, 0, 0, name.length]),
      Buffer.from(name),
    ]),
  );
  socket.send(publish(name));
  await closed;
}
const { status } = await callApi(bar.url, undefined, "GET", "/config");
let poisoned = "";
try {
  assertNoPoisoning();
} catch (error) {
  poisoned = String(error);
}
console.log(
  JSON.stringify({
    inputs: statuses.length,
    failures: statuses.filter((one) => one >= 500).length,
    status,
    poisoned,
    hasProto: "__proto__" in {},
  }),
);
await bar.close();
process.exit();
