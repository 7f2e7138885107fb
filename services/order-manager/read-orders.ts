/**
 * The reading routes. A page's `next` names the last order of the page before; it opens no one else's orders, because user and
 * state are never taken from it.
 */
import { MyOrdersQuery, OrderPath, OrdersQuery } from "@serverlesspresso/contract/api";
import type { Item, JsonValue, Query, RouteResponse } from "@serverlesspresso/ports";
import { caller, isAdmin, routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { parseJson } from "../shared/json.ts";
import { presentOrder } from "../shared/order.ts";
import { parseOrder } from "../shared/order-codec.ts";
import { readOrder } from "../shared/order-store.ts";
import { ProblemError } from "../shared/problem-error.ts";

/** `GET /orders/{id}`: a stranger's order and an unknown one are answered alike. */
export const getOrder = routeFunction({ pathParameters: OrderPath }, ({ tables, names }) => async (call) => {
  const identity = caller(call);
  const order = await readOrder(tables, names.orderTable, call.path.id);
  if (order === undefined || (!isAdmin(identity) && order.userId !== identity.sub)) {
    throw new ProblemError("order-not-found", "There is no order of yours under this id.");
  }
  return { statusCode: 200, body: presentOrder(order, isAdmin(identity)) };
});

/** `GET /orders`: all, or those in one state. */
export const getOrders = routeFunction({ query: OrdersQuery }, (deps) => async ({ query: { state, ...paging } }) => {
  const page =
    state === undefined
      ? { keyConditionExpression: "PK = :key", values: { ":key": "orders" }, startKey: {} }
      : {
          indexName: deps.names.ordersByState,
          keyConditionExpression: "ORDERSTATE = :key",
          values: { ":key": state },
          startKey: { ORDERSTATE: state },
        };
  return list(deps, paging, page, true);
});

/** `GET /myOrders`: the caller's own. */
export const getMyOrders = routeFunction({ query: MyOrdersQuery }, (deps) => async (call) => {
  const { sub } = caller(call);
  const page = {
    indexName: deps.names.ordersByUser,
    keyConditionExpression: "USERID = :key",
    values: { ":key": sub },
    startKey: { USERID: sub },
  };
  return list(deps, call.query, page, false);
});

interface Page extends Pick<Query, "indexName" | "keyConditionExpression" | "values"> {
  /** The part of an index's start key that the request itself gives. */
  readonly startKey: Item;
}
interface Paging {
  readonly maxItems: number;
  readonly next?: string | undefined;
}

async function list({ tables, names }: Deps, { maxItems, next }: Paging, page: Page, forAdmin: boolean): Promise<RouteResponse> {
  const { startKey, ...query } = page;
  const isIndexed = page.indexName !== undefined;
  const { items, lastEvaluatedKey } = await tables.query({
    tableName: names.orderTable,
    ...query,
    scanIndexForward: false,
    limit: maxItems,
    ...(next === undefined ? {} : { exclusiveStartKey: { ...startKey, ...parseNext(next, isIndexed) } }),
  });
  const orders = items.flatMap((item) => parseOrder(item) ?? []).map((order) => presentOrder(order, forAdmin));
  return { statusCode: 200, body: { orders, next: lastEvaluatedKey === undefined ? null : printNext(lastEvaluatedKey, isIndexed) } };
}

function printNext({ SK, createdMs }: Item, isIndexed: boolean): string {
  return Buffer.from(JSON.stringify(isIndexed ? [SK, createdMs] : [SK])).toString("base64url");
}

function parseNext(next: string, isIndexed: boolean): Item {
  const [SK, createdMs] = decode(next);
  if (typeof SK === "string" && SK !== "") {
    if (!isIndexed) return { PK: "orders", SK };
    if (typeof createdMs === "number" && Number.isSafeInteger(createdMs)) return { PK: "orders", SK, createdMs };
  }
  throw new ProblemError("invalid-request", '"next" must be what an earlier page answered.');
}

function decode(next: string): readonly (JsonValue | undefined)[] {
  const value = parseJson(Buffer.from(next, "base64url").toString("utf8"));
  return Array.isArray(value) ? value : [];
}
