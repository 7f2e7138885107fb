/** A second bar is a parameter: the same services under other names, beside the first in one account, or in a process of its own. */
import { blueprintOf, blueprint as firstBlueprint } from "@serverlesspresso/blueprint";
import { namesOf } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { services } from "@serverlesspresso/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { place, readDeployment } from "../../platforms/aws/src/checks/deployment.ts";
import { findFaults, type Templates } from "../../platforms/aws/src/checks/index.ts";
import { synthesize } from "../../platforms/aws/test/synthesis.ts";
import { type Ear, latte, listen, scanned } from "../api/steps.ts";
import { callApi } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";

const names = namesOf("another");
const blueprint = blueprintOf(services, names);
const options = { alarmEmail: "bar@example.org" };

/** Names that need to be unique only within the resource that they belong to. */
const innerNames: Readonly<Record<string, string>> = {
  "AWS::ApiGateway::Authorizer": "Name",
  "AWS::ApiGateway::Model": "Name",
  "AWS::ApiGateway::RequestValidator": "Name",
  "AWS::ApiGateway::Stage": "StageName",
  "AWS::ApiGatewayV2::Authorizer": "Name",
  "AWS::ApiGatewayV2::Stage": "StageName",
  "AWS::CloudWatch::Alarm": "MetricName",
  "AWS::Cognito::UserPoolGroup": "GroupName",
  "AWS::IAM::Policy": "PolicyName",
};

/** Whether it is given here: not an id that CloudFormation makes up, nor the bus that each account has. */
const isGiven = (name: JsonValue | undefined): name is string => typeof name === "string" && !name.includes("<") && name !== "default";

/** Each name that a template gives, by the property that gives it, and each stack and export. */
function namesIn(templates: Templates): string[] {
  const resources = readDeployment(templates).resources.flatMap(({ type, properties }) =>
    Object.entries(properties)
      .filter(([key, value]) => /Name$/.test(key) && isGiven(value) && innerNames[type] !== key)
      .map(([key, value]) => `${type} ${key} ${String(value)}`),
  );
  const exported = Object.values(templates).flatMap(({ Outputs = {} }) =>
    Object.values(Outputs).flatMap(({ Export }) => (Export === undefined ? [] : `export ${String((Export as JsonObject).Name)}`)),
  );
  return [...Object.keys(templates), ...resources, ...exported];
}

/** Each text in a JSON value. */
function textsIn(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(textsIn);
}

/** The ARNs of the account that a template names anywhere; those with an id that CloudFormation makes up are left out. */
function arnsIn(templates: Templates): string[] {
  const texts = readDeployment(templates).resources.flatMap(({ properties }) => textsIn(properties));
  const arn = new RegExp(`arn:aws:[\\w-]+:${place.region}:${place.account}:[^"\\\\\\s]+`, "g");
  return texts.flatMap((text) => text.match(arn) ?? []).filter((one) => !one.includes("<"));
}

describe("in one account", () => {
  let [first, second]: Templates[] = [];
  beforeAll(() => {
    first = synthesize(options).templates;
    second = synthesize({ ...options, blueprint }).templates;
  }, 120_000);
  const shared = (namesOfOne: (templates: Templates) => string[]): string[] => {
    const taken = new Set(namesOfOne(first as Templates));
    expect(taken.size).toBeGreaterThan(50);
    return [...new Set(namesOfOne(second as Templates))].filter((name) => taken.has(name));
  };

  test("it shares no stack, no export and no physical name with the first", () => expect(shared(namesIn)).toEqual([]));

  test("it refers to nothing of the first", () => expect(shared(arnsIn)).toEqual([]));

  test("no alarm watches what one of the first does, except the limit that all functions of a region share", () => {
    const watchedIn = (templates: Templates): string[] =>
      readDeployment(templates)
        .all("AWS::CloudWatch::Alarm")
        .map(({ properties: { Namespace, MetricName, Dimensions } }) => `${Namespace} ${MetricName} ${JSON.stringify(Dimensions ?? [])}`)
        .filter((metric) => !metric.includes("<"));
    const taken = new Set(watchedIn(first as Templates));
    expect(watchedIn(second as Templates).filter((metric) => taken.has(metric))).toEqual(["AWS/Lambda Throttles []"]);
  });

  test("each name that the first spells out has its counterpart", () => {
    expect(namesIn(second as Templates)).toHaveLength(namesIn(first as Templates).length);
    const text = JSON.stringify(second);
    expect(text.match(/[^"]*(serverlesspresso-|awsserverlessda\.serverlesspresso|ServerlesspressoTopics)[^"]*/gi) ?? []).toEqual([]);
  });

  test("no check finds a fault", () => {
    expect(findFaults(second as Templates, blueprint)).toEqual({});
    expect(findFaults(first as Templates, firstBlueprint)).toEqual({});
  });
});

describe("in a process", () => {
  let bar: Bar;
  beforeAll(async () => {
    bar = await openBar({ blueprint });
  });
  afterAll(() => bar.close());

  test("the apps read its name", async () => {
    const { body } = await callApi<JsonObject>(bar.url, undefined, "GET", "/settings.json");
    expect(body.bar).toBe("another");
    expect(bar.platform.identities.pool.poolId).not.toBe("");
  });

  test("an order is made, under its own names and topics alone", async () => {
    const [guest] = await bar.guests(1);
    const admin = await bar.admin();
    const { orderId } = await scanned(bar, guest);
    const own: Ear = await listen(bar.url, guest, `another-user-${guest?.sub}`, "another-config");
    const staff: Ear = await listen(bar.url, admin, "another-admin");
    await expect(listen(bar.url, admin, "serverlesspresso-admin")).rejects.toThrow("the broker granted 128");
    await bar.quiet();
    expect((await guest?.act(orderId, "", latte))?.status).toBe(200);
    await bar.quiet();
    for (const action of ["make", "complete"]) {
      expect((await admin.act(orderId, action)).status).toBe(200);
      await bar.quiet();
    }
    expect(await guest?.order(orderId)).toMatchObject({ orderState: "COMPLETED", drinkOrder: { drink: "Latte" } });
    await expect.poll(() => staff.heard.map(({ type }) => type)).toContain("OrderProcessor.orderFinished");
    await expect.poll(() => own.heard.map(({ type }) => type)).toContain("OrderManager.OrderCompleted");
    const { events } = bar.platform.bus.listEvents(bar.platform.store, { limit: 1000 });
    const ofShop = events.filter(({ envelope }) => envelope.source.startsWith("awsserverlessda."));
    expect(new Set(ofShop.map(({ busName, envelope }) => `${busName} ${envelope.source}`))).toEqual(
      new Set(["another awsserverlessda.another"]),
    );
    expect(bar.errors).toEqual([]);
    for (const ear of [own, staff]) ear.end();
  });
});
