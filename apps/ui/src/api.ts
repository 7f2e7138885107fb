/** The calls of the API, with the caller's token. */
import { mostOrdersPerPage } from "@serverlesspresso/contract";
import type { Http } from "./http.ts";
import { type Order, parseOrder } from "./orders.ts";
import { Problem } from "./problem.ts";
import type { Session } from "./session.ts";
import type { Endpoints } from "./settings.ts";
import { list, parseShop, record, type Shop, text } from "./shop.ts";

/** Which of the backend's addresses a call goes to. */
type Service = "orders" | "validator" | "config" | "backend";

/** A call of the API; GET unless `method` says otherwise. `body` is sent as JSON. */
export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  /** The idempotency key. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The bar's HTTP API, with its answers parsed. Every call rejects with a Problem where the bar refuses it. */
export interface Api {
  /** A call with the caller's token; a token the server refuses is renewed once. @throws {Problem} */
  call(service: Service, path: string, call?: Call): Promise<unknown>;
  shop(): Promise<Shop>;
  order(orderId: string): Promise<Order>;
  myOrders(): Promise<Order[]>;
  /** Resolves with the newest orders in a state, `maxItems` at most; without it with all, however many pages they take. */
  ordersIn(state: string, maxItems?: number): Promise<Order[]>;
  /** Runs the order manager. */
  act(orderId: string, action: string, call?: Call): Promise<unknown>;
}

/** An address drops `..` and what stands before it, percent-encoded too, so that no parameter may be one: the call would reach another route. */
const dotSegment = /\/(\.|%2e){1,2}(?![^/?#])/i;

/** Returns the API at `endpoints`, called with the session's access token. */
export function createApi(http: Http, endpoints: () => Endpoints, session: Session): Api {
  async function call(service: Service, path: string, { method = "GET", body, key, headers: more = {} }: Call = {}): Promise<unknown> {
    if (dotSegment.test(path)) throw new Problem("invalid-request", 400, "HTTP 400");
    const send = async (): Promise<unknown> => {
      const headers: Record<string, string> = { ...more, authorization: `Bearer ${await session.accessToken()}` };
      if (key) headers["idempotency-key"] = key;
      return (await http(endpoints()[service] + path, { method, headers, body })).body;
    };
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      session.discardAccessToken();
      return send();
    }
  }
  const orders = async (path: string): Promise<Order[]> => list(record(await call("orders", path)).orders).map(parseOrder);
  return {
    call,
    shop: async () => parseShop((await http(`${endpoints().config}/config`)).body),
    order: async (orderId) => parseOrder(await call("orders", `/orders/${encodeURIComponent(orderId)}`)),
    myOrders: () => orders("/myOrders"),
    async ordersIn(state, maxItems = Number.POSITIVE_INFINITY) {
      const found: Order[] = [];
      let next = "";
      do {
        const size = Math.min(maxItems - found.length, mostOrdersPerPage);
        const page = record(await call("orders", `/orders?state=${state}&maxItems=${size}${next && `&next=${encodeURIComponent(next)}`}`));
        found.push(...list(page.orders).map(parseOrder));
        next = text(page.next);
      } while (next && found.length < maxItems);
      return found;
    },
    act: (orderId, action, options) =>
      call("orders", `/orders/${encodeURIComponent(orderId)}?action=${action}`, { method: "PUT", ...options }),
  };
}
