import type { Blueprint } from "@serverlesspresso/blueprint";
import { commands, type Environment, readCall, synth, UsageError } from "@serverlesspresso/commands";
import { expect, test } from "vitest";
import { barOf, type DeploymentSettings, deploymentOf } from "../src/settings.ts";
import { synthesize } from "./synthesis.ts";

function readDeploymentSettings(environment: Environment): DeploymentSettings {
  const call = readCall(synth, [], environment);
  if (typeof call === "string") throw new Error(`the call asks for ${call}`);
  return deploymentOf(call.values);
}

const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/one";

test("nothing said is guests, no other origins, nobody told, CloudFront's own name", () => {
  expect(readDeploymentSettings({})).toEqual({ guestSignIn: true, allowedOrigins: [], alarmEmail: undefined, domain: undefined });
});

test("everything said", () => {
  const environment = { GUEST_SIGN_IN: "off", ALLOWED_ORIGINS: "https://a.example, https://b.example", ALARM_EMAIL: "bar@example.org" };
  expect(readDeploymentSettings({ ...environment, DOMAIN_NAME: "coffee.example.org", CERTIFICATE_ARN: certificate })).toEqual({
    guestSignIn: false,
    allowedOrigins: ["https://a.example", "https://b.example"],
    alarmEmail: "bar@example.org",
    domain: { name: "coffee.example.org", certificateArn: certificate },
  });
});

test.each([
  [{ GUEST_SIGN_IN: "yes" }, 'GUEST_SIGN_IN is "yes", expected on or off'],
  [{ DOMAIN_NAME: "coffee.example.org" }, "DOMAIN_NAME is given alone"],
  [{ CERTIFICATE_ARN: certificate }, "CERTIFICATE_ARN is given alone"],
  [{ DOMAIN_NAME: "a", CERTIFICATE_ARN: certificate.replace("us-east-1", "eu-west-1") }, "expected a certificate in us-east-1"],
])("%j is refused", (environment, message) => expect(() => readDeploymentSettings(environment)).toThrow(message));

function readBar(args: readonly string[]): Blueprint {
  const call = readCall(synth, args, { BAR: "left-over" });
  if (typeof call === "string") throw new Error(`the call asks for ${call}`);
  return barOf(call.values);
}

test("--bar names the stacks and what stands in them; without it they are the first bar's", () => {
  expect(readBar([]).names.bar).toBe("Serverlesspresso");
  const { templates } = synthesize({ blueprint: readBar(["--bar", "annexe"]) });
  expect(Object.keys(templates).sort()).toEqual(["annexe-Data", "annexe-Services", "annexe-Website"]);
  const text = JSON.stringify(templates);
  for (const name of ["annexe-order-table", "annexe-SpendToken", "annexe-MetricsQueue"]) expect(text).toContain(`"${name}"`);
  const alarms = [...text.matchAll(/"AlarmName":"([^"]+)"/g)].map(([, name = ""]) => name);
  expect(alarms).toEqual(expect.arrayContaining(["annexe-OrderProcessorWorkflow-failed", "annexe-DLQ-filled", "annexe-api-failed"]));
  expect(alarms.filter((name) => !name.startsWith("annexe-") || name.startsWith("annexe-annexe-"))).toEqual([]);
}, 60_000);

test.each(["Annexe", "serverlesspresso", "a b", "default", "aws", "abc-"])("--bar %s is refused with what is allowed", (bar) => {
  expect(() => readBar(["--bar", bar])).toThrow(UsageError);
  expect(() => readBar(["--bar", bar])).toThrow(/^--bar: .*expected Serverlesspresso, or up to 24 lower-case letters, digits and hyphens/);
});

test("each command that works on one bar takes --bar", () => {
  const taking = commands.filter(({ settings }) => settings.bar?.flag === "--bar").map(({ name }) => name);
  expect(taking).toEqual(["start", "demo", "synth", "diff", "deploy", "outputs", "smoke", "destroy", "export", "import"]);
});
