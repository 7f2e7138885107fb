import type { IncomingMessage } from "node:http";

/** Whether a page of the request's origin may connect: one served by this host, or a listed one. Programs other than browsers send none. */
export function isOwnOrigin(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && (new URL(origin).host === host || origins.includes(origin));
}
