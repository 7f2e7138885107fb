/** The operator's desk: the shop, its menu, its devices, its mail. */
import { effect, type ReadonlySignal } from "@preact/signals";
import { staffTopics } from "../../ui/src/board.ts";
import type { Kit } from "../../ui/src/kit.ts";
import type { Live } from "../../ui/src/live.ts";
import { Problem } from "../../ui/src/problem.ts";
import { randomId } from "../../ui/src/random.ts";
import { list, record, type Shop, text } from "../../ui/src/shop.ts";
import { createShopState } from "../../ui/src/shop-state.ts";
import type { Words } from "./words/en.ts";

/** A mail that waits in the bar's outbox, for an operator to pass on. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The console's state as signals, and what an operator can do. */
export interface ConsoleApp {
  readonly kit: Kit<Words>;
  readonly live: Live;
  readonly shop: ReadonlySignal<Shop | undefined>;
  readShop(): Promise<void>;
  /** Lets in the device that shows this code; answers its name. @throws {Problem} */
  pair(code: string): Promise<string>;
  /** Newest first. @throws {Problem} */
  mails(): Promise<Mail[]>;
}

/** Returns the app's state. Nothing connects before an operator has signed in. */
export function createConsoleApp(kit: Kit<Words>): ConsoleApp {
  const { api, session, clock, serverClock } = kit;
  const shopState = createShopState(api, clock, serverClock);
  const live = kit.openLive({
    filters: () => (session.user.peek()?.isAdmin ? staffTopics(kit.topics()) : [kit.topics().configTopic]),
    snapshot: shopState.read,
    onMessage: shopState.take,
  });
  effect(() => {
    if (session.user.value?.isOperator) live.reconnect();
    else live.close();
  });
  void session.restore();
  return {
    kit,
    live,
    shop: shopState.shop,
    readShop: shopState.read,
    async pair(code) {
      const typed = code.toUpperCase().replace(/[^0-9A-Z]/g, "");
      if (!typed) throw new Problem("no-code", 400, kit.words.peek().devices.noCode);
      const answer = await api.call("backend", `/pairings/${typed}`, { method: "POST", key: randomId() });
      return text(record(answer).deviceName);
    },
    mails: async () => list(record(await api.call("backend", "/outbox")).mails).map(parseMail),
  };
}

function parseMail(value: unknown): Mail {
  const fields = record(value);
  return { id: text(fields.id), to: text(fields.to), subject: text(fields.subject), text: text(fields.text) };
}
