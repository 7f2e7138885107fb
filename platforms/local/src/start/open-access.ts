/** Who may come in: names of this machine, people and their tokens, MQTT, and the log of what operators do. Made one on the other; calls no engine. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import { createSystemClock } from "@serverlesspresso/clock";
import { type Broker, createBroker } from "@serverlesspresso/topics";
import { type Audit, createAudit } from "../audit/audit.ts";
import { commandAct } from "../audit/offline.ts";
import { createHosts, type Hosts } from "../http/hosts.ts";
import { type Identities, openIdentities } from "../identity.ts";
import { createTopicRights } from "../topics.ts";
import type { Undo } from "../undo.ts";
import { type Address, createAddress } from "./address.ts";
import type { Ground } from "./open-ground.ts";
import type { PlatformOptions } from "./options.ts";

/** What callers meet first. */
export interface Access {
  readonly address: Address;
  readonly hosts: Hosts;
  readonly audit: Audit;
  readonly identities: Identities;
  readonly broker: Broker;
}

/** Opens the user pool and the broker. @throws {KeyFileError} */
export async function openAccess(
  ground: Ground,
  blueprint: Pick<Blueprint, "names" | "topics">,
  options: PlatformOptions,
  undo: Undo,
): Promise<Access> {
  const { store, clock, ids, report } = ground;
  const { host = "127.0.0.1", port = 0, clockRate = 1, tls } = options;
  const address = createAddress({ host, port, isSecure: tls !== undefined });
  const audit = createAudit({ store, clock, onError: report });
  const noteKey = (keyId: string): Promise<void> => audit.note(commandAct("npm run rotate-keys", { keyId }));
  const identities = await openIdentities({
    poolName: blueprint.names.userPool,
    ...options,
    store,
    clock,
    clockRate,
    ids,
    issuerBase: address.origin,
    onNewKey: (kid) => void noteKey(kid).catch((error: unknown) => report(error, "audit")),
    onError: report,
  });
  undo.push(() => identities.stop());
  const broker = await createBroker({
    clock,
    networkClock: createSystemClock(),
    verify: identities.verifyClient,
    maySubscribe: createTopicRights(blueprint.topics),
    origins: options.allowedOrigins ?? [],
    onError: report,
  });
  undo.push(() => broker.close());
  return { address, audit, identities, broker, hosts: createHosts(host, options.hostNames) };
}
