/**
 * The reading routes. A page's `next` names the last order of the page before; it opens no one else's orders, because user and
 * state are never taken from it.
 */
import type { Item, JsonObject, JsonValue, Query, RouteRequest, RouteResponse } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { type OrderItem, presentOrder, readOrder } from "../shared/order-item.ts";
import { ProblemError } from "../shared/problem-error.ts";
import { caller, isAdmin, route } from "../shared/route.ts";

/** `GET /orders/{id}`: a stranger's order and an unknown one are answered alike. */
export function getOrder({ tables, names }: Deps) {
  return route(async (request) => {
    const identity = caller(request);
    const order = await readOrder(tables, names.orderTable, request.pathParameters.id ?? "");
    if (order === undefined || (!isAdmin(identity) && order.USERID !== identity.sub)) {
      throw new ProblemError("order-not-found", "There is no order of yours under this id.");
    }
    return { statusCode: 200, body: presentOrder(order, isAdmin(identity)) };
  });
}

/** `GET /orders`: all, or those in one state. */
export function getOrders({ tables, names }: Deps) {
  return route(async (request) => {
    const { state } = request.queryStringParameters;
    const page =
      state === undefined
        ? { keyConditionExpression: "PK = :key", values: { ":key": "orders" }, startKey: {} }
        : {
            indexName: names.ordersByState,
            keyConditionExpression: "ORDERSTATE = :key",
            values: { ":key": state },
            startKey: { ORDERSTATE: state },
          };
    return list(request, page, (query) => tables.query({ tableName: names.orderTable, ...query }), true);
  });
}

/** `GET /myOrders`: the caller's own. */
export function getMyOrders({ tables, names }: Deps) {
  return route(async (request) => {
    const { sub } = caller(request);
    const page = {
      indexName: names.ordersByUser,
      keyConditionExpression: "USERID = :key",
      values: { ":key": sub },
      startKey: { USERID: sub },
    };
    return list(request, page, (query) => tables.query({ tableName: names.orderTable, ...query }), false);
  });
}

interface Page extends Pick<Query, "indexName" | "keyConditionExpression" | "values"> {
  /** The part of an index's start key that the request itself gives. */
  readonly startKey: Item;
}
type Ask = (query: Omit<Query, "tableName">) => Promise<{ readonly items: readonly Item[]; readonly lastEvaluatedKey?: Item }>;

async function list(request: RouteRequest, page: Page, ask: Ask, forAdmin: boolean): Promise<RouteResponse> {
  const { maxItems = "50", next } = request.queryStringParameters;
  const { startKey, ...query } = page;
  const isIndexed = page.indexName !== undefined;
  const found = await ask({
    ...query,
    scanIndexForward: false,
    limit: Number(maxItems),
    ...(next === undefined ? {} : { exclusiveStartKey: { ...startKey, ...parseNext(next, isIndexed) } }),
  });
  const orders = found.items.map((item) => presentOrder(item as unknown as OrderItem, forAdmin));
  const body: JsonObject = { orders, next: found.lastEvaluatedKey === undefined ? null : printNext(found.lastEvaluatedKey, isIndexed) };
  return { statusCode: 200, body };
}

function printNext({ SK, createdMs }: Item, isIndexed: boolean): string {
  return Buffer.from(JSON.stringify(isIndexed ? [SK, createdMs] : [SK])).toString("base64url");
}

function parseNext(next: string, isIndexed: boolean): Item {
  const [SK, createdMs] = decode(next);
  if (typeof SK !== "string" || SK === "" || (isIndexed && !Number.isSafeInteger(createdMs))) {
    throw new ProblemError("invalid-request", '"next" must be what an earlier page answered.');
  }
  return { PK: "orders", SK, ...(isIndexed ? { createdMs: createdMs as number } : {}) };
}

function decode(next: string): readonly (JsonValue | undefined)[] {
  try {
    const value = JSON.parse(Buffer.from(next, "base64url").toString("utf8")) as JsonValue;
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
