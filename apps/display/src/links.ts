/** The addresses a display hands on. */
import { isLoopback } from "../../ui/src/loopback.ts";
import { endpointsOf, type Settings } from "../../ui/src/settings.ts";
import { settingsLink } from "../../ui/src/settings-link.ts";

/** Where phones reach the apps: as this page is reached, or by the host the server names where this page was opened on the server itself. */
export function reachableRoot(root: string, host: string | undefined): string {
  const page = new URL(root);
  if (!host || !isLoopback(page.hostname) || host.endsWith(".amazonaws.com")) return root;
  const named = host.includes("://") ? host : `${page.protocol}//${host}`;
  return URL.canParse(named) ? new URL(named).origin + root.slice(page.origin.length) : root;
}

/** The order app with a code, and with this display's own settings where it has any. */
export function orderLink(root: string, code: string, kept: Settings): string {
  const url = new URL(settingsLink(`${root}/order/`, kept));
  url.searchParams.set("token", code);
  return url.href;
}

/** A link that sets up another app as this display is set up. */
export function configureLink(root: string, app: "order" | "barista", kept: Settings): string {
  const { backend } = endpointsOf(kept, root);
  return settingsLink(`${root}/${app}/`, { ...kept, backend });
}
