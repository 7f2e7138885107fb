/**
 * `POST /qr-code?token=`: spends a token.
 *
 * V1. One transaction takes the token, under the condition that one is left; notes the order with its guest, under the condition that
 *     no other call noted one since we looked; counts the drink for the device; and makes the order. All of it happens, or nothing.
 * V2. So a window never gives more drinks than it has, a guest never has more open orders than allowed, and an order exists from the answer on.
 * V3. While the caller has an open order from the same code, that order is the answer and nothing is spent. So is the order of the same
 *     Idempotency-Key, open or not.
 * V4. Judged in this order: guessing, code unknown, repeat, window over, shop closed, limits of the guest, drinks left, limit of the device.
 * V5. The limits that count are those at the moment of spending; the day is the shop's own.
 * V6. A guest's noted order is looked at itself: one that ended never blocks.
 */
import { SpendQuery } from "@serverlesspresso/contract/api";
import { OrderId, type UserId } from "@serverlesspresso/contract/ids";
import type { RouteResponse, TransactItem } from "@serverlesspresso/ports";
import { caller, type RouteCall, routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { deviceOf } from "../shared/device.ts";
import { cancellationCodes } from "../shared/errors.ts";
import { type EndedOrder, isFinal, newOrder, type OpenOrder } from "../shared/order.ts";
import { itemOf } from "../shared/order-codec.ts";
import { readOrder } from "../shared/order-store.ts";
import { pause } from "../shared/pause.ts";
import { ProblemError } from "../shared/problem-error.ts";
import { readShop, type Shop } from "../shared/shop.ts";
import { shopDay } from "../shared/shop-day.ts";
import { parseUser, type UserItem, userKey } from "../shared/user-item.ts";
import { countDrink } from "./device-count.ts";
import { readWindow } from "./get-code.ts";
import { judgeCode, parseCode } from "./sub-code.ts";
import type { StoredWindow } from "./window.ts";
import { countWrongCode, refuseGuessing } from "./wrong-codes.ts";

const mostAttempts = 30;

const schemas = { query: SpendQuery } as const;

interface Spending {
  readonly userId: UserId;
  readonly code: string;
  readonly idempotencyKey: string;
  readonly device: string | undefined;
}

/** The route's function. */
export const spendToken = routeFunction(schemas, (deps) => async (call) => {
  const spending = parseSpending(call);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const orderId = await trySpending(deps, spending);
    if (orderId !== undefined) return created(orderId);
    // Another guest was in the way; on AWS many may be, so each comes back at a time of its own.
    await pause(deps.clock, Math.floor(deps.ids.random() * Math.min(20 * attempt, 200)));
  }
  throw new ProblemError("order-busy", "Many guests are scanning this code right now. Please try again.", 1);
});

function parseSpending(call: RouteCall<typeof schemas>): Spending {
  return {
    userId: caller(call).sub,
    code: call.query.token,
    idempotencyKey: (call.headers["idempotency-key"] ?? "").slice(0, 128),
    device: deviceOf(call.headers),
  };
}

const created = (orderId: string): RouteResponse => ({ statusCode: 201, body: { orderId } });

/** Returns the order's id; undefined when another call's write came between, so that the caller tries again. */
async function trySpending(deps: Deps, spending: Spending): Promise<string | undefined> {
  const { tables, names, clock } = deps;
  const nowMs = clock.nowMs();
  const given = parseCode(spending.code);
  const [shop, window, userItem] = await Promise.all([
    readShop(tables, names.configTable, nowMs),
    given === undefined ? undefined : readWindow(deps, given.window),
    tables.getItem({ tableName: names.validatorTable, key: userKey(spending.userId) }),
  ]);
  const user = parseUser(userItem);
  refuseGuessing(user, nowMs);
  const worth = given === undefined || window === undefined ? "unknown" : judgeCode(given, window, nowMs);
  if (window === undefined || worth === "unknown") {
    await countWrongCode(deps, spending.userId, nowMs);
    throw new ProblemError("unknown-code", "This code is not known here. Scan the code on the display.");
  }
  const noted = await notedOrders(deps, user, nowMs, shop);
  const earlier = repeated(spending, window, user, noted.open);
  if (earlier !== undefined) return earlier;
  if (worth === "over") throw new ProblemError("code-expired", "This code is over. Scan the new one on the display.");
  judge(shop, window, noted, nowMs);
  return spend(deps, spending, shop, window, user, noted, nowMs);
}

/** What a guest's item notes, as it really is (V6). */
interface Noted {
  readonly open: readonly OpenOrder[];
  /** Today's that count against the day's limit. */
  readonly ofDay: readonly string[];
  readonly day: string;
}

async function notedOrders({ tables, names }: Deps, user: UserItem, nowMs: number, { timeZone }: Shop): Promise<Noted> {
  const orders = await Promise.all(user.openOrders.map((orderId) => readOrder(tables, names.orderTable, orderId)));
  const known = orders.filter((order) => order !== undefined);
  const costNothing = new Set(known.filter(costsNothing).map(({ id }): string => id));
  const day = shopDay(nowMs, timeZone);
  return {
    open: known.filter((order) => !isFinal(order)),
    ofDay: user.day === day ? user.ordersOfDay.filter((orderId) => !costNothing.has(orderId)) : [],
    day,
  };
}

/** A drink that was never made does not count against the day's limit. */
function costsNothing(order: OpenOrder | EndedOrder): boolean {
  return isFinal(order) && order.state !== "COMPLETED";
}

/** V3. */
function repeated(spending: Spending, window: StoredWindow, user: UserItem, open: readonly OpenOrder[]): string | undefined {
  if (spending.idempotencyKey !== "" && user.lastKey === spending.idempotencyKey) return user.lastOrderId;
  return open.find(({ bucket }) => bucket?.window === window.number)?.id;
}

/** V4, the later part. */
function judge(shop: Shop, window: StoredWindow, { open, ofDay }: Noted, nowMs: number): void {
  if (!shop.storeOpen) throw shopClosed(shop, nowMs);
  if (open.length >= shop.maxOrdersPerUser) {
    throw new ProblemError("order-limit", "You have an open order. Wait for it, or cancel it to order another.");
  }
  if (shop.maxDrinksPerUserPerDay > 0 && ofDay.length >= shop.maxDrinksPerUserPerDay) {
    throw new ProblemError("daily-limit", "That was your last drink for today. See you tomorrow.");
  }
  if (window.availableTokens < 1) throw noDrinksLeft(window, nowMs);
}

/** A pause says when to come back. */
function shopClosed({ reopensAt }: Shop, nowMs: number): ProblemError {
  const seconds = reopensAt === null ? 60 : Math.max(1, Math.ceil((Date.parse(reopensAt) - nowMs) / 1000));
  return new ProblemError("shop-closed", "The shop is closed and takes no orders at present.", seconds);
}

function noDrinksLeft(window: StoredWindow, nowMs: number): ProblemError {
  const seconds = Math.max(1, Math.ceil((window.endMs - nowMs) / 1000));
  return new ProblemError("no-drinks-left", "All drinks of this code are taken. A new code follows shortly.", seconds);
}

/** V1. */
async function spend(
  deps: Deps,
  spending: Spending,
  shop: Shop,
  window: StoredWindow,
  user: UserItem,
  noted: Noted,
  nowMs: number,
): Promise<string | undefined> {
  const orderId = OrderId.parse(deps.ids.ulid());
  const { number, startMs, endMs } = window;
  const order = { ...newOrder(orderId, spending.userId, nowMs), bucket: { window: number, startMs, endMs } };
  try {
    // → services/validator/new-order.ts receives the order from the table's stream.
    await deps.tables.transactWriteItems([
      takeToken(deps.names.validatorTable, number),
      noteOrder(deps.names.validatorTable, spending, user, noted, orderId),
      { put: { tableName: deps.names.orderTable, item: itemOf(order), conditionExpression: "attribute_not_exists(PK)" } },
      ...countForDevice(deps.names.validatorTable, spending, shop, window),
    ]);
    return orderId;
  } catch (error) {
    const codes = cancellationCodes(error);
    if (codes === undefined) throw error;
    // The same guest's other tap comes first: its order may be the answer.
    if (codes[0] === "ConditionalCheckFailed" && codes[1] === "None") throw noDrinksLeft(window, nowMs);
    if (codes[3] === "ConditionalCheckFailed" && codes[1] === "None") throw deviceLimit(shop, window, nowMs);
    return undefined;
  }
}

function takeToken(tableName: string, window: string): TransactItem {
  return {
    update: {
      tableName,
      key: { PK: window },
      updateExpression: "SET availableTokens = availableTokens - :one",
      conditionExpression: "availableTokens >= :one",
      values: { ":one": 1 },
    },
  };
}

/** U3. */
function noteOrder(tableName: string, { userId, idempotencyKey }: Spending, user: UserItem, noted: Noted, orderId: string): TransactItem {
  const { open, ofDay, day } = noted;
  return {
    update: {
      tableName,
      key: userKey(userId),
      updateExpression: "SET version = :next, #day = :day, lastKey = :key, lastOrderId = :id, openOrders = :open, ordersOfDay = :ofDay",
      conditionExpression: "attribute_not_exists(version) OR version = :version",
      names: { "#day": "day" },
      values: {
        ":version": user.version,
        ":next": user.version + 1,
        ":day": day,
        ":key": idempotencyKey,
        ":id": orderId,
        ":open": new Set([...open.map(({ id }) => id), orderId]),
        ":ofDay": new Set([...ofDay, orderId]),
      },
    },
  };
}

function countForDevice(tableName: string, { device }: Spending, { maxOrdersPerDevicePerWindow: most }: Shop, window: StoredWindow) {
  return device === undefined || most === 0 ? [] : [countDrink(tableName, device, window, most)];
}

function deviceLimit({ maxOrdersPerDevicePerWindow: most }: Shop, window: StoredWindow, nowMs: number): ProblemError {
  const seconds = Math.max(1, Math.ceil((window.endMs - nowMs) / 1000));
  return new ProblemError("device-limit", `This phone has taken its ${most} drinks of this code. A new code follows shortly.`, seconds);
}
