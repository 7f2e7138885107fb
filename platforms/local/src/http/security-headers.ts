import { contentSecurityPolicy, permissionsPolicy } from "@serverlesspresso/blueprint/edge/page-policy.ts";

/** On every page, for the host by which it was asked for: nothing from elsewhere but the backends named, no inline script, no frame around it. */
export function pageHeaders(host: string, backends: readonly string[]): Record<string, string> {
  const elsewhere = backends.flatMap((origin) => [origin, origin.replace(/^http/, "ws")]);
  return {
    "content-security-policy": contentSecurityPolicy([`ws://${host}`, `wss://${host}`, ...elsewhere]),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": permissionsPolicy,
    "x-frame-options": "DENY",
  };
}
