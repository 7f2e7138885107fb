import { parseArgs } from "node:util";
import { isTooWide, isTrustable } from "./http/source.ts";
import { type Keep, parseKeep } from "./upkeep/keep.ts";

/** What `npm start` can be told, by flag or environment. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  /** Seconds that pass in the shop in one real second. */
  readonly clockRate: number;
  readonly robots: number;
  readonly adminEmail: string | undefined;
  readonly adminPassword: string | undefined;
  readonly smtpUrl: string | undefined;
  /** Files in PEM. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Proxies whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Whose signed AWS calls are answered: this machine's own, or the network's too. */
  readonly wire: Wire;
  /** Hosts that workflows and rules may call over HTTP. */
  readonly outboundHosts: readonly string[];
  /** Whether guests may sign in with a name alone. */
  readonly guestSignIn: boolean;
  /** Multiplies every rate limit; 0 switches them off. */
  readonly rateLimitFactor: number;
  /** How long what the shop leaves behind is kept. */
  readonly keep: Keep;
  readonly help: boolean;
}

const wires = ["local", "lan"] as const;
export type Wire = (typeof wires)[number];

/** A flag or variable with a value that will not do. The message names it, what it has and what was expected. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const flags = {
  port: { type: "string" },
  host: { type: "string" },
  data: { type: "string" },
  "clock-rate": { type: "string" },
  robots: { type: "string" },
  "allow-host": { type: "string", multiple: true },
  "trust-proxy": { type: "string", multiple: true },
  wire: { type: "string" },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
  keep: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;
type Environment = Readonly<Record<string, string | undefined>>;

/** What `--help` prints. */
export const usage = `npm start -- [FLAG ...]

  --port N, PORT              port to listen on (4000; 0 takes a free one)
  --host NAME, HOST           address to listen on (127.0.0.1; 0.0.0.0 opens the shop to the network)
  --data FOLDER, DATA_DIR     where everything is kept (./data)
  --clock-rate N, CLOCK_RATE  how fast the shop's time runs (1)
  --robots N, ROBOTS          robots that play guests and baristas (0)
  --allow-host NAME[:PORT], ALLOW_HOST
                              a host that workflows and rules may call over HTTP; may be repeated, in the variable separated by commas (none)
  --trust-proxy ADDRESS, TRUST_PROXY
                              a proxy that is believed about its clients: an address, a network such as 10.0.0.0/8, or loopback;
                              may be repeated, in the variable separated by commas (none)
  --keep KIND=DAYS, KEEP      how long executions (90), archive (30: the bus's events), logs (30), orders (forever) and metrics
                              (forever) are kept; may be repeated, in the variable separated by commas
  --wire local|lan, WIRE      whose signed AWS calls are answered: this machine's own, or those of other machines too (local)
  --tls-cert FILE, TLS_CERT   certificate in PEM; with --tls-key, serves HTTPS
  --tls-key FILE, TLS_KEY     its private key in PEM
  ADMIN_EMAIL, ADMIN_PASSWORD the first admin, instead of a generated password
  SMTP_URL                    mail server, as smtp://user:password@host:port; without it mail lies in the outbox
  GUEST_SIGN_IN               on or off: whether a name is enough to order (on)
  ALLOWED_HOSTS               further host names of this server, separated by commas
  ALLOWED_ORIGINS             further origins whose pages may call it, separated by commas
  RATE_LIMIT_FACTOR           multiplies every rate limit; 0 switches them off (1)
`;

/**
 * Reads flags and environment; a flag wins over its variable.
 * @throws {SettingsError}
 */
export function readSettings(args: readonly string[], environment: Environment): Settings {
  const given = parseFlags(args);
  const pick = (flag: keyof typeof flags, variable: string): Named | undefined => {
    const value = given[flag];
    if (typeof value === "string") return { name: `--${flag}`, value };
    return named(environment, variable);
  };
  const tlsCert = pick("tls-cert", "TLS_CERT")?.value;
  const tlsKey = pick("tls-key", "TLS_KEY")?.value;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new SettingsError(
      `${tlsCert === undefined ? "--tls-key is given without --tls-cert" : "--tls-cert is given without --tls-key"}; expected both`,
    );
  }
  return {
    port: number(pick("port", "PORT"), 4000, { whole: true, least: 0, most: 65_535 }),
    host: pick("host", "HOST")?.value ?? "127.0.0.1",
    dataFolder: pick("data", "DATA_DIR")?.value ?? "./data",
    clockRate: number(pick("clock-rate", "CLOCK_RATE"), 1, { least: 0.001, most: 100_000 }),
    robots: number(pick("robots", "ROBOTS"), 0, { whole: true, least: 0, most: 1000 }),
    ...readAdmin(environment),
    smtpUrl: readSmtpUrl(environment),
    tlsCert,
    tlsKey,
    allowedHosts: list(environment.ALLOWED_HOSTS),
    allowedOrigins: list(environment.ALLOWED_ORIGINS),
    trustedProxies: readProxies(given["trust-proxy"], environment),
    wire: readWire(pick("wire", "WIRE")),
    outboundHosts: readHosts(given["allow-host"], environment),
    guestSignIn: readSwitch(named(environment, "GUEST_SIGN_IN"), true),
    rateLimitFactor: number(named(environment, "RATE_LIMIT_FACTOR"), 1, { least: 0, most: 1_000_000 }),
    keep: readKeep(given.keep, environment),
    help: given.help === true,
  };
}

interface Named {
  readonly name: string;
  readonly value: string;
}

function named(environment: Environment, variable: string): Named | undefined {
  const value = environment[variable];
  return value === undefined || value === "" ? undefined : { name: variable, value };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new SettingsError(`${(error as Error).message.split(". ")[0]}; --help names the flags there are`);
  }
}

function number(
  given: Named | undefined,
  otherwise: number,
  { whole = false, least, most }: { whole?: boolean; least: number; most: number },
): number {
  if (given === undefined) return otherwise;
  const value = /^-?\d+(\.\d+)?$/.test(given.value.trim()) ? Number(given.value) : Number.NaN;
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    throw new SettingsError(`${given.name} is "${given.value}", expected a ${whole ? "whole " : ""}number from ${least} to ${most}`);
  }
  return value;
}

function readAdmin(environment: Environment): Pick<Settings, "adminEmail" | "adminPassword"> {
  const email = named(environment, "ADMIN_EMAIL")?.value;
  const password = named(environment, "ADMIN_PASSWORD")?.value;
  if (email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(email))
    throw new SettingsError(`ADMIN_EMAIL is "${email}", expected an e-mail address`);
  return { adminEmail: email, adminPassword: password };
}

function readSmtpUrl(environment: Environment): string | undefined {
  const given = named(environment, "SMTP_URL");
  if (given === undefined) return undefined;
  if (!URL.canParse(given.value) || !/^smtps?:$/.test(new URL(given.value).protocol)) {
    // It holds a password, so the value itself stays out of the message.
    throw new SettingsError("SMTP_URL is not an address of a mail server, expected smtp://user:password@host:port or smtps://...");
  }
  return given.value;
}

function readSwitch(given: Named | undefined, otherwise: boolean): boolean {
  if (given === undefined) return otherwise;
  if (given.value !== "on" && given.value !== "off") throw new SettingsError(`${given.name} is "${given.value}", expected on or off`);
  return given.value === "on";
}

function readWire(given: Named | undefined): Wire {
  const wire = wires.find((one) => one === (given?.value ?? "local"));
  if (wire === undefined) throw new SettingsError(`${given?.name} is "${given?.value}", expected ${wires.join(" or ")}`);
  return wire;
}

function readHosts(given: readonly string[] | undefined, environment: Environment): string[] {
  const hosts = given ?? list(environment.ALLOW_HOST);
  for (const host of hosts) {
    if (!URL.canParse(`https://${host}`) || !/^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(host)) {
      throw new SettingsError(
        `${given === undefined ? "ALLOW_HOST" : "--allow-host"} is "${host}", expected a host such as api.example.com or localhost:8080`,
      );
    }
  }
  return [...hosts];
}

function readProxies(given: readonly string[] | undefined, environment: Environment): string[] {
  const proxies = given ?? list(environment.TRUST_PROXY);
  const name = given === undefined ? "TRUST_PROXY" : "--trust-proxy";
  const wrong = proxies.find((proxy) => !isTrustable(proxy));
  if (wrong !== undefined) {
    throw new SettingsError(`${name} is "${wrong}", expected an address such as 10.0.0.2, a network such as 10.0.0.0/8, or loopback`);
  }
  const wide = proxies.find(isTooWide);
  if (wide === undefined) return [...proxies];
  throw new SettingsError(
    `${name} is "${wide}": every client could then say which address it has; expected the proxy's own network, at most 10.0.0.0/8 or fc00::/7 wide`,
  );
}

function readKeep(given: readonly string[] | undefined, environment: Environment): Keep {
  try {
    return parseKeep(given ?? list(environment.KEEP));
  } catch (error) {
    throw new SettingsError(`${given === undefined ? "KEEP" : "--keep"} is ${(error as Error).message}`);
  }
}

function list(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
