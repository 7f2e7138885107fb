import { X509Certificate } from "node:crypto";
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

/**
 * Has browsers come back over TLS alone for a year, where an authority vouches for the certificate. With one that vouches for itself they
 * would be locked out by the first change of it.
 * @param certificate ours in PEM; undefined where we serve plain HTTP
 */
export function transportSecurity(certificate: string | undefined): Record<string, string> {
  if (certificate === undefined) return {};
  const { issuer, subject } = new X509Certificate(certificate);
  return issuer === subject ? {} : { "strict-transport-security": "max-age=31536000" };
}
