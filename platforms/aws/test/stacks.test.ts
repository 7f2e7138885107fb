import { blueprint } from "@serverlesspresso/blueprint";
import { beforeAll, describe, expect, test } from "vitest";
import { acknowledgedOf } from "../src/checks/acknowledged.ts";
import { type CheckName, checks, type Finding, findFaults, type Templates } from "../src/checks/index.ts";
import { createValidator } from "../src/checks/validator.ts";
import { faults, openShop } from "./faults/index.ts";
import { summarize } from "./summary.ts";
import { type Synthesis, synthesize } from "./synthesis.ts";

const acknowledged = acknowledgedOf(blueprint.names);
let shop: Synthesis;
let validate: (templates: Templates) => Finding[];

beforeAll(() => {
  shop = synthesize({}, true);
  validate = createValidator();
}, 120_000);

describe("the stacks", () => {
  test.each(Object.keys(checks) as CheckName[])("RELIABILITY 45: %s", (name) =>
    expect(findFaults(shop.templates, blueprint)[name]).toBeUndefined(),
  );

  test("what CloudFormation's own rules say", () => expect(validate(shop.templates)).toEqual([]));

  test("every finding of cdk-nag has a reason to be kept", () => {
    const unexplained = shop.violations.filter(
      ({ rule, path }) => !acknowledged.some((one) => rule.startsWith(one.rule) && one.path.test(path)),
    );
    expect(unexplained).toEqual([]);
  });

  test("every reason is for something that is found, and says something", () => {
    const idle = acknowledged.filter((one) => !shop.violations.some(({ rule, path }) => rule.startsWith(one.rule) && one.path.test(path)));
    expect(idle.map(({ rule }) => rule)).toEqual([]);
    expect(acknowledged.filter(({ reason }) => reason.length < 30)).toEqual([]);
  });

  test("are what was looked at and found good", async () => {
    await expect(summarize(shop.templates)).toMatchFileSnapshot("./stacks.summary.txt", "npm run renew writes it");
  });

  test("come out the same each time", () => expect(synthesize().templates).toEqual(shop.templates), 60_000);
});

describe("a seeded fault fails its check", () => {
  test.each(faults)("$name: $foundBy", ({ foundBy, spoil }) => {
    const spoilt = openShop(shop.templates);
    spoil(spoilt);
    expect(spoilt.templates).not.toEqual(shop.templates);
    const findings = foundBy === "validator" ? validate(spoilt.templates) : findFaults(spoilt.templates, blueprint)[foundBy];
    expect(findings ?? []).not.toEqual([]);
  });

  test("and every check has one", () => {
    const tried = new Set(faults.map(({ foundBy }) => foundBy));
    expect(Object.keys(checks).filter((name) => !tried.has(name as CheckName))).toEqual([]);
  });
});

describe("what a deployment can be told", () => {
  test("no guests, other origins, a mail for alarms, a name of one's own", () => {
    const { templates } = synthesize({
      guestSignIn: false,
      allowedOrigins: ["https://other.example"],
      alarmEmail: "bar@example.org",
      domain: { name: "coffee.example.org", certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/one" },
    });
    const text = JSON.stringify(templates);
    for (const part of [
      '"GUEST_SIGN_IN":"off"',
      '"AllowOrigins":["https://other.example"]',
      '"bar@example.org"',
      '"Aliases":["coffee.example.org"]',
    ]) {
      expect(text).toContain(part);
    }
    expect(findFaults(templates, blueprint)).toEqual({});
    expect(validate(templates)).toEqual([]);
  }, 60_000);
});
