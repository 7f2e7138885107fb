/** What an app's address brings along: settings, and codes that must not stay in it. */
import { pickSettings, type Settings, settingNames } from "./settings.ts";

/** What the page's address said. */
export interface Parameters {
  readonly settings: Settings;
  /** The parameters an app asked for, from the query or the fragment. */
  readonly values: ReadonlyMap<string, string>;
}

/** Reads the page's parameters and takes them out of the address bar at once, without a new entry in the history. */
export function consumeParameters(location: Location, history: History, names: readonly string[]): Parameters {
  const query = new URL(location.href).searchParams;
  const fragment = new URLSearchParams(location.hash.slice(1));
  const read = (name: string): string | undefined => query.get(name) ?? fragment.get(name) ?? undefined;
  const values = new Map(names.flatMap((name) => [[name, read(name) ?? ""] as const].filter(([, value]) => value)));
  const settings = pickSettings(Object.fromEntries(settingNames.map((name) => [name, read(name)])));
  const address = withoutParameters(location.href, [...names, ...settingNames]);
  if (address !== location.href) history.replaceState(null, "", address);
  return { settings, values };
}

/** The page's address without the parameters an app consumes. */
export function withoutParameters(href: string, names: readonly string[]): string {
  const url = new URL(href);
  const fragment = new URLSearchParams(url.hash.slice(1));
  for (const name of names) {
    url.searchParams.delete(name);
    fragment.delete(name);
  }
  url.hash = fragment.toString();
  // A fragment that is no parameter stays what it is: "#devices", not "#devices=".
  return url.href.replace(/[#?=]$/, "");
}
