import type { Clock } from "@serverlesspresso/ports";
import { ConnectRefused } from "./connect-refused.ts";
import type { ClientIdentity, Connection } from "./connection.ts";

/** Who says whose a token is, and what its bearer may listen to. */
export interface AuthorizationOptions {
  /** The system's time, in which tokens end. */
  readonly clock: Clock;
  readonly verify: (token: string) => Promise<ClientIdentity>;
  readonly maySubscribe: (identity: ClientIdentity | undefined, topic: string) => boolean;
  readonly maxSubscriptions: number;
  /** How old the last look at a token may become, in milliseconds. */
  readonly recheckMs: number;
}

/** What a CONNECT says of its client. */
export interface Said {
  /** Empty where the client leaves it to the broker. */
  readonly clientId: string;
  /** The access token. */
  readonly password: string | undefined;
  /** Why it is to be refused for any client. */
  readonly refusal: string | undefined;
}

/** What clients may do by their access tokens, from CONNECT to the end of the link (M1, M2, M4, M5). */
export interface Authorization {
  /** Identifies a client by its CONNECT. Resolves to the id by which the broker knows it; rejects with a `ConnectRefused`. */
  admit(connection: Connection, said: Said): Promise<string>;
  /** Returns whether a client may subscribe to a filter. */
  grants(connection: Connection, topic: string): boolean;
  /** Returns whether `check` would do anything now. */
  isDue(connection: Connection): boolean;
  /** Ends a link whose token has ended, and asks again about one that was last looked at too long ago. */
  check(connection: Connection): void;
}

const notAuthorized = 5;
const badPassword = 4;
/** A close code of our own, as HTTP would say 401: the apps ask their session at once, and not as after an excess. */
const unauthorizedClose = 4401;

/** Returns what decides about the clients of one broker. */
export function createAuthorization(options: AuthorizationOptions): Authorization {
  const { clock, verify, maySubscribe, maxSubscriptions, recheckMs } = options;
  let namelessCount = 0;

  function recheck(connection: Connection): void {
    connection.checkedMs = clock.nowMs();
    verify(connection.token as string).then(
      (identity) => {
        connection.identity = identity;
        if ([...connection.topics].some((topic) => !grants(connection, topic))) end(connection, "no longer allowed");
      },
      () => end(connection, "the access token is no longer good"),
    );
  }

  function grants({ topics, identity }: Connection, topic: string): boolean {
    if (/[+#]/.test(topic) || topic.startsWith("$") || topic.includes("\u0000")) return false;
    if (!topics.has(topic) && topics.size >= maxSubscriptions) return false;
    return maySubscribe(identity, topic);
  }

  /** An id that no other link has. */
  function nameless(whose: string): string {
    namelessCount += 1;
    return `nameless/${whose}/${namelessCount}`;
  }

  const hasEnded = ({ identity }: Connection): boolean => identity !== undefined && clock.nowMs() >= identity.expMs;
  const isOld = ({ identity, checkedMs }: Connection): boolean => identity !== undefined && clock.nowMs() - checkedMs >= recheckMs;

  return {
    async admit(connection, { clientId, password: token, refusal }) {
      if (refusal !== undefined) throw new ConnectRefused(refusal, notAuthorized);
      if (token === undefined || token === "") return nameless("anonymous");
      try {
        connection.identity = await verify(token);
      } catch {
        throw new ConnectRefused("the access token is not good", badPassword);
      }
      connection.token = token;
      connection.checkedMs = clock.nowMs();
      return clientId === "" ? nameless(connection.identity.sub) : `user/${connection.identity.sub}/${clientId}`;
    },
    grants,
    isDue: (connection) => hasEnded(connection) || isOld(connection),
    check(connection) {
      if (hasEnded(connection)) end(connection, "the access token has ended");
      else if (isOld(connection)) recheck(connection);
    },
  };
}

function end({ socket }: Connection, reason: string): void {
  socket.close(unauthorizedClose, reason);
}
