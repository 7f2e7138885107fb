/** The shop as the API last described it, read again whenever it changes. */
import { type Signal, signal } from "@preact/signals";
import type { Api } from "./api.ts";
import type { Clock } from "./clock.ts";
import type { Message } from "./orders.ts";
import { random } from "./random.ts";
import type { Shop } from "./shop.ts";

/** The topic that anybody may hear. */
export const CONFIG_TOPIC = "serverlesspresso-config";

/** A thousand phones hear of a change at once; their questions are spread over this time. */
const SPREAD_MS = 500;
const RETRY_MS = 3_000;

export interface ShopState {
  readonly shop: Signal<Shop | undefined>;
  read(): Promise<void>;
  /** Takes a message about the shop; false for any other. */
  take(message: Message): boolean;
}

export function createShopState(api: Api, clock: Clock, kept?: Shop): ShopState {
  const shop = signal(kept);
  let asked = 0;
  const read = async (): Promise<void> => {
    const mine = ++asked;
    const found = await api.shop();
    if (mine === asked) shop.value = found; // an older answer that comes later is dropped
  };
  const readSoon = (ms: number): void => void clock.after(ms, () => void read().catch(() => readSoon(RETRY_MS)));
  return {
    shop,
    read,
    take({ type }) {
      if (!type.startsWith("ConfigService.")) return false;
      readSoon(random() * SPREAD_MS);
      return true;
    },
  };
}
