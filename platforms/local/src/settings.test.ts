import { type Environment, readCall, start, UsageError } from "@serverlesspresso/commands";
import { expect, test } from "vitest";
import { type Settings, settingsOf } from "./settings.ts";

function readSettings(args: readonly string[], environment: Environment): Settings {
  const call = readCall(start, args, environment);
  if (typeof call === "string") throw new Error(`the call asks for ${call}`);
  return settingsOf(call);
}

test("defaults", () => {
  expect(readSettings([], {})).toMatchObject({
    port: 4000,
    host: "127.0.0.1",
    dataFolder: "./data",
    clockRate: 1,
    robots: 0,
    guestSignIn: true,
    keep: { executions: 90, archive: 30, logs: 30, orders: undefined, metrics: undefined },
  });
});

test("the bar is the first, or the one that is named", () => {
  expect(readSettings([], {}).names.bar).toBe("Serverlesspresso");
  expect(readSettings([], { BAR: "annexe" }).names.bar).toBe("Serverlesspresso");
  expect(readSettings(["--bar", "annexe"], {}).names.configTable).toBe("annexe-config-table");
});

test("what is kept is said kind by kind, the rest stays as usual", () => {
  const usual = { executions: 90, archive: 30, logs: 30, orders: undefined, metrics: undefined };
  expect(readSettings(["--keep", "logs=7", "--keep", "executions=forever"], {}).keep).toEqual({ ...usual, logs: 7, executions: undefined });
  expect(readSettings([], { KEEP: "orders=365, metrics=30" }).keep).toEqual({ ...usual, orders: 365, metrics: 30 });
});

test("a flag wins over its variable, which wins over the default", () => {
  const environment = {
    PORT: "5000",
    HOST: "0.0.0.0",
    DATA_DIR: "/tmp/x",
    CLOCK_RATE: "60",
    ADMIN_EMAIL: "a@b.c",
    ADMIN_PASSWORD: "secret",
  };
  expect(readSettings(["--port", "6000", "--clock-rate=0.5"], environment)).toMatchObject({
    port: 6000,
    host: "0.0.0.0",
    dataFolder: "/tmp/x",
    clockRate: 0.5,
    adminEmail: "a@b.c",
    adminPassword: "secret",
  });
});

test.each([
  { args: ["--port", "x"], says: /--port is "x", expected a whole number from 0 to 65535/ },
  { args: ["--port", "70000"], says: /--port is "70000"/ },
  { args: ["--clock-rate", "0"], says: /--clock-rate is "0", expected a number/ },
  { args: ["--clock-rate", "1e9"], says: /--clock-rate/ },
  { args: ["--robots", "1.5"], says: /--robots is "1.5"/ },
  { args: ["--keep", "cups=3"], says: /--keep is "cups=3", expected KIND=DAYS .* a kind of executions, archive, logs, orders, metrics/ },
  { args: ["--keep", "logs=7", "--keep", "logs=9"], says: /--keep is "logs=9", but an earlier entry says "logs=7"/ },
  ...["0.0.0.0/0", "::/0", "128.0.0.0/1", "2000::/3", "::ffff:0:0/96", "::/64", "8.0.0.0/7"].map((network) => ({
    args: ["--trust-proxy", "10.0.0.0/8", "--trust-proxy", network],
    says: /--trust-proxy is ".*\/\d+": every client could then say which address it has/,
  })),
  { args: ["--keep", "logs=0"], says: /--keep is "logs=0"/ },
  {
    args: ["--bar", "Annexe"],
    says: /^--bar: bar "Annexe": expected Serverlesspresso, or up to 24 lower-case letters, digits and hyphens/,
  },
  { args: ["--wire", "wan"], says: /--wire is "wan", expected local or lan/ },
  { args: ["--colour", "red"], says: /--colour/ },
  { args: ["extra"], says: /"extra" is one word too many for npm start, expected flags alone/ },
  { args: ["--port"], says: /--port has no value, expected --port N/ },
  { args: ["--data", "--port", "1"], says: /--data has no value, expected --data FOLDER/ },
  { args: ["--allow-host", "a.b"], says: /--allow-host is no flag of npm start, expected --port, .*--host-name, --outbound-host/ },
  { args: ["--tls-cert", "c.pem"], says: /without --tls-key/ },
  { args: [], environment: { PORT: "abc" }, says: /PORT is "abc"/ },
  { args: [], environment: { ADMIN_EMAIL: "nobody" }, says: /ADMIN_EMAIL is "nobody"/ },
  { args: [], environment: { SMTP_URL: "http://user:hunter2@x" }, says: /SMTP_URL(?!.*hunter2)/ },
  { args: ["--outbound-host", "https://example.com/"], says: /--outbound-host is "https:\/\/example.com\/", expected a host/ },
  { args: [], environment: { OUTBOUND_HOSTS: "a.example.com,b c" }, says: /OUTBOUND_HOSTS is "b c"/ },
  { args: [], environment: { GUEST_SIGN_IN: "maybe" }, says: /GUEST_SIGN_IN is "maybe", expected on or off/ },
])("$args $environment is refused by name", ({ args, environment = {}, says }) => {
  expect(() => readSettings(args, environment)).toThrow(UsageError);
  expect(() => readSettings(args, environment)).toThrow(says);
});

test.each([
  { args: [], environment: {}, gives: [] },
  { args: [], environment: { OUTBOUND_HOSTS: "api.example.com, localhost:8080" }, gives: ["api.example.com", "localhost:8080"] },
  { args: ["--outbound-host", "[::1]:9", "--outbound-host", "a.b"], environment: { OUTBOUND_HOSTS: "c.d" }, gives: ["[::1]:9", "a.b"] },
])("hosts that may be called: $args $environment", ({ args, environment, gives }) => {
  expect(readSettings(args, environment as Record<string, string>).outboundHosts).toEqual(gives);
});

test.each([
  { args: [], environment: { HOST_NAMES: "bar.example, bar.local" }, gives: ["bar.example", "bar.local"] },
  { args: ["--host-name", "a.b", "--host-name=c.d"], environment: { HOST_NAMES: "bar.example" }, gives: ["a.b", "c.d"] },
])("names of this server: $args $environment", ({ args, environment, gives }) => {
  expect(readSettings(args, environment as Record<string, string>).hostNames).toEqual(gives);
});
