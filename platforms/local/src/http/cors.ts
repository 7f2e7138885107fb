import type { Hosts } from "./hosts.ts";

const methods = "GET, PUT, POST, DELETE";
const requestHeaders = "authorization, content-type, idempotency-key, x-amz-target, x-device-id";

/** The headers that let a page of our own read the answer: one that this server itself served under another of its names, or a listed one. */
export function corsHeaders(origin: string | null, hosts: Hosts, port: () => number, listed: readonly string[]): Record<string, string> {
  if (origin === null || !isOwn(origin, hosts, port(), listed)) return {};
  return { "access-control-allow-origin": origin, vary: "origin", "access-control-expose-headers": "retry-after, etag, location" };
}

/** Headers of a preflight's answer besides `corsHeaders`. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-methods": methods,
  "access-control-allow-headers": requestHeaders,
  "access-control-max-age": "600",
};

function isOwn(origin: string, hosts: Hosts, port: number, listed: readonly string[]): boolean {
  if (listed.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  const originPort = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  return /^https?:$/.test(url.protocol) && originPort === port && hosts.includes(url.host);
}
