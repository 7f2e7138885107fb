import type { WireServices } from "./wire-service.ts";

/** The services there are, as signatures call them. */
export function serviceNames(services: WireServices): string[] {
  // Tables and their streams are signed for under one name.
  return [...new Set([...services.values()].map(({ service }) => service.signingNames[0]))].sort();
}
