/** What every engine stands on: the store of the data folder, time, identifiers, buckets, outbound HTTP. None of it calls an engine. */
import { join } from "node:path";
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import type { Clock, Ids } from "@serverlesspresso/ports";
import { bringUpToDate, expectEntries, openStore, type Store } from "@serverlesspresso/store";
import { type Buckets, openBuckets } from "../buckets/buckets.ts";
import { besideStore, bucketsFolder } from "../data-folder.ts";
import { createAllowedHosts } from "../outbound/allowed-hosts.ts";
import { type CallHttp, createHttpClient } from "../outbound/http-client.ts";
import { createShopClock } from "../shop-clock.ts";
import type { Undo } from "../undo.ts";
import { createHealth, type Health } from "./health.ts";
import type { PlatformOptions } from "./options.ts";
import { createReporting, type Report, type Reporting } from "./report.ts";

/** What is there before any engine. */
export interface Ground extends Reporting {
  readonly store: Store;
  /** Shop time. */
  readonly clock: Clock;
  /** Measures real work; see `shop-clock.ts`, C5. */
  readonly realClock: Clock;
  /** How far shop time was ahead of the machine's clock, in milliseconds. */
  readonly aheadMs: number;
  readonly ids: Ids;
  readonly buckets: Buckets;
  readonly callHttp: CallHttp;
  readonly health: Health;
}

/** Opens the data folder. @throws {StoreError} `InUse`, `Unreadable`, `NewerVersion`, `Damaged` */
export async function openGround(options: PlatformOptions, undo: Undo): Promise<Ground> {
  const { dataFolder, machine, outboundHosts = [], onError = () => {} } = options;
  const health = createHealth();
  const reporting = createReporting(onError);
  const store = await openShopStore(options, health, undo);
  const { clock, aheadMs } = openClock(store, options, undo, reporting.report);
  const ids = createIds(clock);
  return {
    ...reporting,
    health,
    store,
    clock,
    aheadMs,
    realClock: options.clock ?? createSystemClock(machine && { machine }),
    ids,
    buckets: await openBuckets(join(dataFolder, bucketsFolder), ids.uuid),
    callHttp: createHttpClient({ allowedHosts: createAllowedHosts(outboundHosts), clock: createSystemClock() }),
  };
}

async function openShopStore(options: PlatformOptions, health: Health, undo: Undo): Promise<Store> {
  const { dataFolder, onFailure = () => {}, onMigration = () => {} } = options;
  const store = await openStore({
    folder: dataFolder,
    onFailure(error) {
      health.storeFailed();
      onFailure(error);
    },
  });
  undo.push(() => store.close());
  expectEntries(dataFolder, besideStore);
  await bringUpToDate(store, onMigration);
  return store;
}

function openClock(store: Store, options: PlatformOptions, undo: Undo, report: Report): Pick<Ground, "clock" | "aheadMs"> {
  const { clock, clockRate = 1, machine } = options;
  if (clock !== undefined) return { clock, aheadMs: 0 };
  const onStep = (said: string): void => report(new Error(said), "the machine's clock");
  const shopClock = createShopClock(store, { rate: clockRate, onStep, ...(machine && { machine }) });
  undo.push(() => shopClock.stop());
  return { clock: shopClock, aheadMs: shopClock.aheadMs };
}
