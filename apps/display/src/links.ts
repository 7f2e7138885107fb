/** The addresses a display hands on. */
import { isLoopback } from "../../ui/src/loopback.ts";
import { endpointsOf, type Settings } from "../../ui/src/settings.ts";
import { settingsLink } from "../../ui/src/settings-link.ts";

/** The origin phones can reach: this page's own, or the host the server names where this page was opened on the server itself. */
export function reachableOrigin(pageOrigin: string, host: string | undefined): string {
  const page = new URL(pageOrigin);
  if (!host || !isLoopback(page.hostname) || host.endsWith(".amazonaws.com")) return page.origin;
  const named = host.includes("://") ? host : `${page.protocol}//${host}`;
  return URL.canParse(named) ? new URL(named).origin : page.origin;
}

/** The order app with a code, and with this display's own settings where it has any. */
export function orderLink(origin: string, code: string, kept: Settings): string {
  const url = new URL(settingsLink(`${origin}/order/`, kept));
  url.searchParams.set("token", code);
  return url.href;
}

/** A link that sets up another app as this display is set up. */
export function configureLink(origin: string, app: "order" | "barista", kept: Settings): string {
  const { backend } = endpointsOf(kept, origin);
  return settingsLink(`${origin}/${app}/`, { ...kept, backend });
}
