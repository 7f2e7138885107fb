/**
 * Where the backend is.
 *
 * S1. Without any setting the backend is where the page came from: its origin, and the path before the app's own where a proxy puts one there.
 * S2. Settings kept on the device win over those the backend names in `/settings.json`.
 * S3. Settings in the page's query are kept once the user has agreed to every foreign host by name, and leave the address bar either way.
 */
import type { Shelf } from "./storage.ts";

/** What can be set, by the names the workshop uses; `backend` is the origin that serves `/settings.json`. */
export const settingNames = [
  "backend",
  "orderManagerEndpoint",
  "APIGWEndpointValidatorService",
  "APIGWEndpointConfigService",
  "userPoolEndpoint",
  "userPoolId",
  "userPoolWebClientId",
  "host",
] as const;

/** The name of a setting. */
export type SettingName = (typeof settingNames)[number];
/** The settings that an address or `/settings.json` gave. */
export type Settings = Partial<Record<SettingName, string>>;

/** Each service's address without a trailing slash, and the ids of the user pool and its app client. */
export interface Endpoints {
  readonly backend: string;
  readonly orders: string;
  readonly validator: string;
  readonly config: string;
  readonly userPool: string;
  readonly mqtt: string;
  readonly clientId: string;
  /** Empty where the backend does not say it. */
  readonly poolId: string;
}

/** Where the pages of all apps are, without a slash at the end (S1). */
export function baseOf({ origin, pathname }: Pick<Location, "origin" | "pathname">, app: string): string {
  return origin + pathname.slice(0, Math.max(0, pathname.indexOf(`/${app}/`)));
}

/** An HTTP address without its trailing slash; anything else counts as not set. */
const trimmed = (address = ""): string | undefined => (/^https?:\/\//.test(address) ? address.replace(/\/+$/, "") : undefined);

/** The names of `settingNames` in an untrusted record, texts only. */
export function pickSettings(record: Record<string, unknown>): Settings {
  const settings: Settings = {};
  for (const name of settingNames) {
    const value = record[name];
    if (typeof value === "string" && value.trim()) settings[name] = value.trim();
  }
  return settings;
}

/** The addresses that follow from settings (S1). An IoT Core host is reached over TLS; any other backend carries MQTT itself. */
export function endpointsOf(settings: Settings, base: string): Endpoints {
  const backend = trimmed(settings.backend) ?? base;
  const iot = settings.host?.endsWith(".amazonaws.com") ? `wss://${settings.host}/mqtt` : undefined;
  return {
    backend,
    orders: trimmed(settings.orderManagerEndpoint) ?? backend,
    validator: trimmed(settings.APIGWEndpointValidatorService) ?? backend,
    config: trimmed(settings.APIGWEndpointConfigService) ?? backend,
    userPool: trimmed(settings.userPoolEndpoint) ?? backend,
    mqtt: iot ?? `${backend.replace(/^http/, "ws")}/mqtt`,
    clientId: settings.userPoolWebClientId ?? "",
    poolId: settings.userPoolId ?? "",
  };
}

/**
 * A name for all addresses that tokens are sent to: what one of them issued is sent to no other. The first two are always in it,
 * for sign-ins are kept under the name.
 */
export function issuerOf({ userPool, orders, backend, validator, config, mqtt }: Endpoints): string {
  const link = mqtt.replace(/^ws/, "http").replace(/\/mqtt$/, "");
  const others = [backend, validator, config, link].filter((address) => address !== userPool && address !== orders);
  return [userPool, orders, ...new Set(others)].join(" ");
}

/** The hosts in these settings that are not the page's own, each once. An address that cannot be read names itself. */
export function foreignHosts(settings: Settings, base: string): string[] {
  const { clientId, poolId, ...addresses } = endpointsOf(settings, base);
  const pageHost = new URL(base).host;
  const hosts = Object.values(addresses).map((address) => (URL.canParse(address) ? new URL(address).host : address));
  return [...new Set(hosts)].filter((host) => host !== pageHost);
}

const KEY = "settings";

/** Settings kept on this device. */
export const keptSettings = (shelf: Shelf): Settings => pickSettings(shelf.get<Record<string, unknown>>(KEY) ?? {});

/** Keeps settings on this device; none at all forgets them. */
export function keepSettings(shelf: Shelf, settings: Settings): void {
  shelf.set(KEY, Object.keys(settings).length ? settings : undefined);
}
