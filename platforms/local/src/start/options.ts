import type { BoundService } from "@serverlesspresso/aws-service";
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { Machine } from "@serverlesspresso/clock";
import type { Clock } from "@serverlesspresso/ports";
import type { Service } from "@serverlesspresso/services/declaration.ts";
import type { StoreError } from "@serverlesspresso/store";
import type { Engines, Observe } from "../engines.ts";
import type { Wire } from "../settings.ts";
import type { Keep } from "../upkeep/keep.ts";

/** What a shop runs and how; all but the data folder has a default. */
export interface PlatformOptions {
  readonly dataFolder: string;
  /** What it runs, in place of the first bar with all its services; and the services that it is the sum of. */
  readonly blueprint?: Blueprint;
  readonly services?: readonly Service[];
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly clockRate?: number;
  /** In place of the shop's own, for tests; it measures real work too. */
  readonly clock?: Clock;
  /** The time for the shop's own clock; for tests in place of this machine. */
  readonly machine?: Machine;
  readonly adminEmail?: string | undefined;
  readonly adminPassword?: string | undefined;
  readonly smtpUrl?: string | undefined;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly hostNames?: readonly string[];
  readonly allowedOrigins?: readonly string[];
  /** Proxies whose forwarding headers are believed: addresses, networks, `loopback`. */
  readonly trustedProxies?: readonly string[];
  /** Hosts that workflows and rules may call over HTTP: `NAME` or `NAME:PORT`. */
  readonly outboundHosts?: readonly string[];
  /** Whose signed AWS calls are answered; by default this machine's own. */
  readonly wire?: Wire;
  readonly guestSignIn?: boolean;
  readonly rateLimitFactor?: number;
  /** The built apps; default `apps/dist`. */
  readonly appsFolder?: string;
  /** A failure that ends the service: the process should tell and stop. */
  readonly onFailure?: (error: StoreError) => void;
  /** What went wrong beside it and is tried again or given up. */
  readonly onError?: (error: unknown, what: string) => void;
  /** Receives a line for each change that was made to the records of an earlier release. */
  readonly onMigration?: (line: string) => void;
  /** Sees every call between the engines, and of the topics. */
  readonly observe?: Observe;
  readonly keep?: Keep;
  /** Further AWS services, beside those of `aws/services.ts`. */
  readonly furtherServices?: (engines: Engines) => readonly BoundService[];
}
