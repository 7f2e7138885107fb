import type { Duplex } from "node:stream";

/**
 * Looks at what comes off the network before any other listener does: what `mayPass` refuses reaches no listener, so that not even its frames are taken apart.
 */
export function gate(socket: Duplex, mayPass: (length: number) => boolean): void {
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...values: unknown[]) => boolean;
  socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event === "data" && !mayPass((values[0] as Buffer).length)) return true;
    return emit(event, ...values);
  };
}
