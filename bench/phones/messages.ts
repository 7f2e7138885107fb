/** What the benchmark's processes say to each other. */

/** One phone's own. */
export interface Login {
  readonly token: string;
  readonly topics: readonly string[];
}

/** A server that the phones connect to, and what its answers hold once they are the true ones. */
export interface Place {
  readonly port: number;
  /** A text of the config as it is now. */
  readonly truth: string;
}

/** What the crowd is asked to do. Each is answered by one `Done`. */
export type Task =
  /** Takes these phones, unconnected, in place of those before. */
  | { readonly do: "take"; readonly logins: readonly Login[] }
  /** Opens the links, so many at a time. */
  | { readonly do: "link"; readonly place: Place; readonly atOnce: number }
  /** Each phone reads its state by HTTP. */
  | { readonly do: "read"; readonly atOnce: number }
  /** Waits until each phone has had one more message. */
  | { readonly do: "receive" }
  /** Waits until the port takes connections, then does all of it for all phones at once; a phone that is refused comes back at once. */
  | { readonly do: "return"; readonly place: Place }
  | { readonly do: "leave" };

/** How it went: instants on the machine's monotonic clock, in milliseconds. */
export interface Done {
  readonly firstMs: number;
  readonly lastMs: number;
  /** How often a phone had to try again, by reason. */
  readonly refused: Readonly<Record<string, number>>;
}

/** The machine's monotonic clock, which all processes share. */
export const instantMs = (): number => Number(process.hrtime.bigint()) / 1e6;
