import { type Call, readSetting, type StartSettings, UsageError } from "@serverlesspresso/commands";
import { type Names, namesOf } from "@serverlesspresso/contract";
import { isTooWide, isTrustable } from "./http/source.ts";
import { type Keep, parseKeep } from "./upkeep/keep.ts";

/** The settings of a bar on this machine, from flags or the environment. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  /** The names of the bar. */
  readonly names: Names;
  /** Seconds that pass in the shop in one real second. */
  readonly clockRate: number;
  readonly robots: number;
  readonly adminEmail: string | undefined;
  readonly adminPassword: string | undefined;
  readonly smtpUrl: string | undefined;
  /** Files in PEM. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  /** Further names under which this server is reached. */
  readonly hostNames: readonly string[];
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
}

/** Whose signed AWS calls are answered. */
export type Wire = "local" | "lan";

/** Returns the settings of a call of `npm start`. @throws {UsageError} where values do not go together, or no bar, proxy or kind of records is named so */
export function settingsOf({ values, nameOf }: Call<StartSettings>): Settings {
  const { bar, tlsCert, tlsKey, trustedProxies } = values;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError(
      `${tlsCert === undefined ? "--tls-key is given without --tls-cert" : "--tls-cert is given without --tls-key"}; expected both`,
    );
  }
  checkProxies(nameOf("trustedProxies") ?? "", trustedProxies);
  return { ...values, names: readSetting("--bar", () => namesOf(bar)), keep: readKeep(nameOf("keep") ?? "", values.keep) };
}

function checkProxies(name: string, proxies: readonly string[]): void {
  const wrong = proxies.find((proxy) => !isTrustable(proxy));
  if (wrong !== undefined) {
    throw new UsageError(`${name} is "${wrong}", expected an address such as 10.0.0.2, a network such as 10.0.0.0/8, or loopback`);
  }
  const wide = proxies.find(isTooWide);
  if (wide === undefined) return;
  throw new UsageError(
    `${name} is "${wide}": every client could then say which address it has; expected the proxy's own network, at most 10.0.0.0/8 or fc00::/7 wide`,
  );
}

/** Returns how long each kind of records is kept. @param name under which the entries were given @throws {UsageError} */
export function readKeep(name: string, entries: readonly string[]): Keep {
  try {
    return parseKeep(entries);
  } catch (error) {
    throw new UsageError(`${name} is ${(error as Error).message}`);
  }
}
