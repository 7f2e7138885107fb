import type { IncomingMessage } from "node:http";
import type { Clock } from "@serverlesspresso/ports";
import type { Address } from "./addresses.ts";
import type { Cuts } from "./cuts.ts";
import type { BrokerLimits } from "./limits.ts";
import { hasRoom } from "./openings.ts";
import { isOwnOrigin } from "./origin.ts";

/** What a link is held against before it opens. `origins` are pages besides the host's own. */
export interface AdmissionOptions {
  readonly limits: BrokerLimits;
  readonly cuts: Cuts;
  readonly clock: Clock;
  readonly origins: readonly string[];
}

/**
 * Why a link may not be opened, as a status of HTTP; undefined where it may.
 * @param host the name by which the request calls us
 * @param links how many there are of all addresses
 */
export type RefusalOf = (request: IncomingMessage, host: string | undefined, address: Address, links: number) => string | undefined;

/** M8, M9. */
export function createAdmission({ limits, cuts, clock, origins }: AdmissionOptions): RefusalOf {
  function tooMany(what: string, { name }: Address): string {
    cuts.count(what, name);
    return "429 Too Many Requests";
  }

  return (request, host, address, links) => {
    const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    if (!isOwnOrigin(request.headers.origin, host, origins)) return "403 Forbidden";
    if (!protocols.includes("mqtt")) return "400 Bad Request";
    if (links >= limits.maxConnections) return "503 Service Unavailable";
    if (address.line.length >= limits.linePerAddress && !hasRoom(address, { limits, clock }))
      return tooMany("others of its address have not said CONNECT", address);
    if (address.links >= limits.linksPerAddress || !address.openings.take(1)) return tooMany("its address opens too many links", address);
    return undefined;
  };
}
