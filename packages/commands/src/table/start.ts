import { type Command, defineCommand } from "../command.ts";
import { list, setting } from "../setting.ts";
import { decimal, matching, oneOf, onOff, text, type ValueKind, wholeNumber } from "../value-kinds.ts";
import { bar, dataFolder, keep } from "./shared.ts";

const clockRate = decimal({ least: 0.001, most: 100_000 });
const robotCount = wholeNumber({ least: 0, most: 1000 });
const host: ValueKind<string> = {
  expected: "a host such as api.example.com or localhost:8080",
  read: (given) => (URL.canParse(`https://${given}`) && /^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(given) ? given : undefined),
};
const email = matching(/^[^@\s]+@[^@\s]+$/, "an e-mail address");
const mailServer: ValueKind<string> = {
  expected: "an address of a mail server, expected smtp://user:password@host:port or smtps://...",
  read: (given) => (URL.canParse(given) && /^smtps?:$/.test(new URL(given).protocol) ? given : undefined),
};

const settings = {
  port: setting({
    flag: "--port",
    variable: "PORT",
    shape: "N",
    kind: wholeNumber({ least: 0, most: 65_535 }),
    otherwise: 4000,
    sentence: "port to listen on; 0 takes a free one",
  }),
  host: setting({
    flag: "--host",
    variable: "HOST",
    shape: "ADDRESS",
    kind: text,
    otherwise: "127.0.0.1",
    sentence: "address to listen on; 0.0.0.0 opens the shop to the phones in the room",
  }),
  dataFolder: { ...dataFolder, sentence: "folder that holds everything the bar keeps" },
  bar,
  clockRate: setting({
    flag: "--clock-rate",
    variable: "CLOCK_RATE",
    shape: "N",
    kind: clockRate,
    otherwise: 1,
    sentence: "seconds that pass in the shop in one real second",
  }),
  robots: setting({
    flag: "--robots",
    variable: "ROBOTS",
    shape: "N",
    kind: robotCount,
    otherwise: 0,
    sentence: "robots that play guests and baristas",
  }),
  hostNames: list({
    flag: "--host-name",
    variable: "HOST_NAMES",
    shape: "NAME",
    kind: text,
    sentence: "a further name under which this server is reached, such as a proxy's",
  }),
  outboundHosts: list({
    flag: "--outbound-host",
    variable: "OUTBOUND_HOSTS",
    shape: "NAME[:PORT]",
    kind: host,
    sentence: "a host that workflows and rules may call over HTTP",
  }),
  trustedProxies: list({
    flag: "--trust-proxy",
    variable: "TRUST_PROXY",
    shape: "ADDRESS",
    kind: text,
    sentence: "a proxy whose word about its clients counts: an address, a network such as 10.0.0.0/8, or loopback",
  }),
  wire: setting({
    flag: "--wire",
    variable: "WIRE",
    shape: "local|lan",
    kind: oneOf(["local", "lan"]),
    otherwise: "local",
    sentence: "whose signed AWS calls are answered: this machine's own, or those of other machines too",
  }),
  keep: list({
    ...keep,
    usual: "executions=90, archive=30, logs=30, orders=forever, metrics=forever",
    sentence: "days for which executions, archive (the bus's events), logs, orders and metrics are kept, or forever",
  }),
  tlsCert: setting({
    flag: "--tls-cert",
    variable: "TLS_CERT",
    shape: "FILE",
    kind: text,
    usual: "none",
    sentence: "certificate in PEM; with --tls-key, the server speaks HTTPS",
  }),
  tlsKey: setting({ flag: "--tls-key", variable: "TLS_KEY", shape: "FILE", kind: text, usual: "none", sentence: "its private key in PEM" }),
  adminEmail: setting({
    variable: "ADMIN_EMAIL",
    kind: email,
    usual: "admin@serverlesspresso.local",
    sentence: "address of the first admin",
  }),
  adminPassword: setting({
    variable: "ADMIN_PASSWORD",
    kind: text,
    usual: "generated, shown once",
    sentence: "password of the first admin",
  }),
  smtpUrl: setting({
    variable: "SMTP_URL",
    kind: mailServer,
    isSecret: true,
    usual: "mail lies in the outbox",
    sentence: "mail server, as smtp://user:password@host:port",
  }),
  guestSignIn: setting({
    variable: "GUEST_SIGN_IN",
    kind: onOff,
    otherwise: true,
    usual: "on",
    sentence: "whether a name is enough to order: on or off",
  }),
  allowedOrigins: list({ variable: "ALLOWED_ORIGINS", kind: text, sentence: "further origins whose pages may call the API" }),
  rateLimitFactor: setting({
    variable: "RATE_LIMIT_FACTOR",
    kind: decimal({ least: 0, most: 1_000_000 }),
    otherwise: 1,
    sentence: "multiplies every rate limit; 0 switches them off",
  }),
};

/** The settings of a bar on this machine. */
export type StartSettings = typeof settings;

/** `npm start`. */
export const start: Command<StartSettings> = defineCommand({
  name: "start",
  call: "npm start --",
  sentence: "Starts the bar on one port. On a fresh clone it installs and builds first.",
  settings,
});

/** `npm run demo`: the same bar with robots and a faster clock. */
export const demo: Command<StartSettings> = defineCommand({
  name: "demo",
  call: "npm run demo --",
  sentence: "Starts a bar in a folder of its own, with robots as guests and baristas and a clock ten times as fast.",
  settings: {
    ...settings,
    // By flag alone: robots never play in the folder that DATA_DIR names.
    dataFolder: setting({ flag: "--data", shape: "FOLDER", kind: text, otherwise: "./demo-data", sentence: settings.dataFolder.sentence }),
    robots: setting({ flag: "--robots", shape: "N", kind: robotCount, otherwise: 20, sentence: settings.robots.sentence }),
    clockRate: setting({ flag: "--clock-rate", shape: "N", kind: clockRate, otherwise: 10, sentence: settings.clockRate.sentence }),
  },
});
