/** Who may do what: every route of the blueprint against every kind of caller, and what a caller's own words can change. */
import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { blueprint } from "@serverlesspresso/blueprint";
import { names, type ProblemSlug, problemTypes } from "@serverlesspresso/contract";
import { services } from "@serverlesspresso/services";
import type { ExampleCall } from "@serverlesspresso/services/declaration.ts";
import type { RouteBlueprint } from "@serverlesspresso/services/resources.ts";
import { type ExampleParts, exampleRequest, urlOf } from "@serverlesspresso/services/test-support/example-event.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, type OrderView, type Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import {
  accountToken,
  callPool,
  claimsOf,
  guestTokens,
  latte,
  type ProblemView,
  problemNamed,
  scanned,
  submitted,
  tokenOfOtherClient,
} from "./steps.ts";

watchAnswers();
let bar: Bar;
let admin: Person;
/** In group `admin` alone: an account, and a device that was paired. */
let barista: string;
let display: Person;
let owner: Person;
let other: Person;
let orderId: string;
/** A token of an hour ago, an id token, no token at all. */
const bad: Record<string, string> = {};

beforeAll(async () => {
  bar = await openBar();
  await bar.configure({ drinksPerBarcode: 10_000, maxOrdersInQueue: 400, maxOrdersPerUser: 50 });
  bad.expired = (await bar.admin()).token;
  const old = await guestTokens(bar);
  bad.expiredGuest = old.AccessToken;
  await bar.clock.advance(3_600_000);
  admin = await bar.admin();
  barista = await accountToken(bar, "barista@example.com");
  display = await bar.secondBarista();
  const fresh = await guestTokens(bar);
  bad.idToken = fresh.IdToken;
  bad.otherClient = await tokenOfOtherClient(bar.dataFolder, admin.token);
  bad.garbage = "eyJhbGciOiJSUzI1NiJ9.e30.x";
  [owner, other] = (await bar.guests(2)) as [Person, Person];
  orderId = (await scanned(bar, owner)).orderId;
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

/** What a call needs beside its caller, so that nothing but the caller can be at fault, where the first example of its function is not enough. */
interface Call {
  readonly path?: () => string;
  readonly body?: () => unknown;
}
const calls: Readonly<Record<string, Call>> = {
  spendToken: { path: () => "/qr-code?token=1.unknown" },
  actOnOrder: { path: () => `/orders/${orderId}?action=placeOrder`, body: () => latte },
  getOrder: { path: () => `/orders/${orderId}` },
};
type Who =
  | "nobody"
  | "owner"
  | "other"
  | "admin"
  | "barista"
  | "display"
  | "expired"
  | "expiredGuest"
  | "idToken"
  | "otherClient"
  | "garbage";
const rightTokens: Record<RouteBlueprint["who"], Record<Who, number | "in">> = {
  public: {
    nobody: "in",
    owner: "in",
    other: "in",
    admin: "in",
    barista: "in",
    display: "in",
    expired: "in",
    expiredGuest: "in",
    idToken: "in",
    otherClient: "in",
    garbage: "in",
  },
  signedIn: {
    nobody: 401,
    owner: "in",
    other: "in",
    admin: "in",
    barista: "in",
    display: "in",
    expired: 401,
    expiredGuest: 401,
    idToken: 401,
    otherClient: 401,
    garbage: 401,
  },
  admin: {
    nobody: 401,
    owner: 403,
    other: 403,
    admin: "in",
    barista: "in",
    display: "in",
    expired: 401,
    expiredGuest: 401,
    idToken: 401,
    otherClient: 401,
    garbage: 401,
  },
  operator: {
    nobody: 401,
    owner: 403,
    other: 403,
    admin: "in",
    barista: 403,
    display: 403,
    expired: 401,
    expiredGuest: 401,
    idToken: 401,
    otherClient: 401,
    garbage: 401,
  },
};
/** The bearer is a waiting device's own secret, which no token is. */
const secretMissing = Object.fromEntries(Object.keys(rightTokens.public).map((who) => [who, 401]));
/** Cells where a caller is let in and then told something of its own. */
const exceptions: Record<string, Partial<Record<Who, number>>> = {
  spendToken: { owner: 400, other: 400, admin: 400, barista: 400, display: 400 },
  actOnOrder: { other: 404, admin: 403, barista: 403, display: 403 },
  getOrder: { other: 404 },
  pollPairing: secretMissing,
  confirmPairing: { admin: 400 },
};
const tokenOf = (who: Who): string | undefined =>
  ({ nobody: undefined, owner: owner.token, other: other.token, admin: admin.token, barista, display: display.token })[who as string] ??
  bad[who];

/** Returns what may come back: the status that the caller or the table above says; of a call that is let in, the route's own success. */
function expectedOf(route: RouteBlueprint, caller: Who): readonly number[] {
  const right = exceptions[route.operationId]?.[caller] ?? rightTokens[route.who][caller];
  if (right !== "in") return [right];
  // What an example names may not be there, or be over: then the route says so itself.
  const isExample = calls[route.operationId] === undefined && (route.pathParameters ?? route.query ?? route.body) !== undefined;
  const ownProblems = isExample ? statusesOf(route).filter((status) => [404, 409, 410].includes(status)) : [];
  return [route.success.status, ...ownProblems];
}
const statusesOf = ({ problems }: RouteBlueprint): number[] => problems.map((slug) => problemTypes[slug as ProblemSlug][0]);

const cells = blueprint.routes.flatMap((route) =>
  (Object.keys(rightTokens.public) as Who[]).map((caller) => {
    const { operationId, method } = route;
    const expected = expectedOf(route, caller);
    return { route, operationId, method, caller, expected, what: expected.join(" or ") };
  }),
);
test.each(cells)("RELIABILITY 1: $operationId by $caller: $what", async ({ route, operationId, method, caller, expected }) => {
  const example = exampleRequest(route, exampleOf(route));
  const { path = () => urlOf(route.path, example), body = () => (route.body === undefined ? undefined : example.body) } =
    calls[operationId] ?? {};
  const answer = await callApi<ProblemView>(bar.url, tokenOf(caller), method, path(), body());
  expect(expected, JSON.stringify(answer.body)).toContain(answer.status);
  if (answer.status === 401)
    expect(answer.headers.get("www-authenticate")).toMatch(
      caller === "nobody" || route.bearer !== undefined ? /^Bearer$/ : /^Bearer error="invalid_token"$/,
    );
  if (answer.status === 403 && operationId !== "actOnOrder") expect(answer.body.type).toBe(problemNamed("not-allowed"));
});

/** What the route's service gives as its first call. */
function exampleOf({ target }: RouteBlueprint): ExampleParts | undefined {
  const examples = services.flatMap(({ declare }): readonly ExampleCall[] => declare(names).examples ?? []);
  return examples.find((example) => "function" in target && example.function === target.function);
}

test("only routes of the blueprint deviate", () => {
  const ids = blueprint.routes.map(({ operationId }) => operationId);
  expect([...Object.keys(calls), ...Object.keys(exceptions)].filter((operationId) => !ids.includes(operationId))).toEqual([]);
});

test("what an admin may, no guest changed in all these calls", async () => {
  const { body } = await callApi<{ menu: unknown[]; storeOpen: boolean }>(bar.url, undefined, "GET", "/config");
  expect([body.storeOpen, body.menu.length]).toEqual([true, 1]);
});

describe("RELIABILITY 2: foreign orders are not there", () => {
  const unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const comparable = ({ status, body, headers }: { status: number; body: unknown; headers: Headers }) => [
    status,
    body,
    [...headers].filter(([name]) => !["date", "keep-alive", "connection"].includes(name)),
  ];
  test("GET: the same answer as for an unknown id, to the byte", async () => {
    const [theirs, nowhere] = [await other.call("GET", `/orders/${orderId}`), await other.call("GET", `/orders/${unknown}`)];
    expect(theirs.status).toBe(404);
    expect(comparable(theirs)).toEqual(comparable(nowhere));
  });
  test.each([
    "",
    "placeOrder",
    "make",
    "claimOrder",
    "unmake",
    "complete",
    "completeOrder",
    "cancel",
    "cancelOrder",
    "announce",
    "nonsense",
  ])("PUT ?action=%s: the same answer as for an unknown id, and nothing changes", async (action) => {
    const before = await admin.order(orderId);
    const [theirs, nowhere] = [
      await other.call("PUT", `/orders/${orderId}?action=${action}`, latte),
      await other.call("PUT", `/orders/${unknown}?action=${action}`, latte),
    ];
    const isGuests = ["", "placeOrder", "cancel", "cancelOrder"].includes(action);
    expect(theirs.status).toBe(isGuests ? 404 : action === "nonsense" ? 400 : 403);
    expect(comparable(theirs)).toEqual(comparable(nowhere));
    expect(await admin.order(orderId)).toEqual(before);
  });
  test("nor in anybody's list, nor behind anybody's `next`", async () => {
    expect((await other.call("GET", "/myOrders")).body).toEqual({ orders: [], next: null });
    await bar.nextWindow();
    expect((await scanned(bar, owner)).orderId).not.toBe(orderId);
    const page = await owner.call<{ orders: unknown[]; next: string }>("GET", "/myOrders?maxItems=1");
    expect(page.body.next).toEqual(expect.any(String));
    expect((await other.call("GET", `/myOrders?next=${page.body.next}`)).body).toEqual({ orders: [], next: null });
  });
  test.each(["..%2f..%2fconfig", "orders%00", "a".repeat(65), "%E2%80%AE", "*", "__proto__"])("an id of %s is unknown, too", async (id) => {
    expect((await owner.call("GET", `/orders/${id}`)).status).toBe(404);
  });
});

describe("RELIABILITY 3: the body never says who or what", () => {
  const claims = {
    ORDERSTATE: "COMPLETED",
    orderNumber: 1,
    TaskToken: "t",
    baristaUserId: "b",
    robot: true,
    isAdmin: true,
    PK: "orders",
  };
  test.each(Object.entries(claims))("%s in a submission is refused and stored nowhere", async (name, value) => {
    const before = await admin.order(orderId);
    expect((await owner.call("PUT", `/orders/${orderId}?action=`, { ...latte, [name]: value })).status).toBe(422);
    expect(await admin.order(orderId)).toEqual(before);
  });
  test("the workshop's icon and userId are taken, and reach nothing", async () => {
    const { guest, orderId: mine } = await scanned(bar);
    const answer = await guest.act(mine, "", { ...latte, icon: { any: "thing" }, userId: admin.sub });
    expect(answer).toMatchObject({ status: 200, body: { drinkOrder: { drink: latte.drink } } });
    const order = await admin.order(mine);
    expect(order.userId).toBe(guest.sub);
    expect(JSON.stringify(order)).not.toMatch(/icon|thing/);
  });
  test.each(["make", "complete", "cancel"])("%s is done in the token's name alone", async (action) => {
    const { guest, orderId: mine } = await submitted(bar);
    expect((await admin.call("PUT", `/orders/${mine}?action=${action}`, { baristaUserId: "someone" })).status).toBe(422);
    const { body } = await admin.call<OrderView>("PUT", `/orders/${mine}?action=${action}`, { userId: "someone" });
    expect([body.userId, body.baristaUserId]).toEqual([guest.sub, action === "make" ? admin.sub : ""]);
  });
  test("what is stored has the schema's attributes alone, at the order's end, too", async () => {
    const { orderId: mine } = await submitted(bar);
    for (const action of ["make", "complete"]) await admin.act(mine, action);
    const { tables, store } = bar.platform;
    const Key = { PK: { S: "orders" }, SK: { S: mine } };
    const { Item } = tables.query(store, "GetItem", { TableName: "serverlesspresso-order-table", Key }) as { Item: object };
    const known = ["PK", "SK", "USERID", "ORDERSTATE", "drinkOrder", "name", "note", "reason", "baristaUserId", "createdMs", "TS"];
    const later = ["orderNumber", "executionArn", "bucket", "tokenAt", "pending", "untold", "unmadeBy", "TaskToken"];
    expect(Object.keys(Item)).toEqual(expect.arrayContaining(known));
    expect(Object.keys(Item).filter((name) => ![...known, ...later].includes(name))).toEqual([]);
  });
  test("a query of `userId` is refused, and an order's owner is the token's subject", async () => {
    expect((await owner.call("GET", `/myOrders?userId=${other.sub}`)).status).toBe(400);
    expect((await admin.order(orderId)).userId).toBe(owner.sub);
  });
  test("a guest is shown no user ids", async () => {
    const order = await owner.order(orderId);
    expect(Object.keys(order).sort()).toEqual([
      "createdMs",
      "drinkOrder",
      "name",
      "note",
      "orderId",
      "orderNumber",
      "orderState",
      "reason",
      "updatedMs",
    ]);
    expect(JSON.stringify((await owner.call("GET", "/myOrders")).body)).not.toContain(owner.sub);
  });
});

describe("RELIABILITY 5: forged tokens are 401", () => {
  const encode = (value: unknown): string => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const { privateKey: foreignKey, publicKey: foreignPublic } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signed = (header: object, payload: object, key = foreignKey): string => {
    const text = `${encode(header)}.${encode(payload)}`;
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
  };
  const parts = (): { head: { kid: string; alg: string }; claims: Record<string, unknown>; text: [string, string, string] } => {
    const text = admin.token.split(".") as [string, string, string];
    return { head: JSON.parse(Buffer.from(text[0], "base64url").toString()), claims: claimsOf(admin.token), text };
  };
  async function publicPem(): Promise<string> {
    const { keys } = (await callApi<{ keys: { kty: string }[] }>(bar.url, undefined, "GET", "/.well-known/jwks.json")).body;
    return createPublicKey({ key: keys[0] as object as import("node:crypto").JsonWebKey, format: "jwk" }).export({
      type: "spki",
      format: "pem",
    }) as string;
  }
  const attacks: Record<string, () => string | Promise<string>> = {
    "alg none": () => `${encode({ alg: "none" })}.${parts().text[1]}.`,
    "alg None with our kid": () => `${encode({ ...parts().head, alg: "None" })}.${parts().text[1]}.`,
    "HS256 with the public key": async () => {
      const text = `${encode({ ...parts().head, alg: "HS256" })}.${parts().text[1]}`;
      return `${text}.${createHmac("sha256", await publicPem())
        .update(text)
        .digest("base64url")}`;
    },
    "our kid, a foreign key": () => signed(parts().head, parts().claims),
    "a kid nobody has": () => signed({ ...parts().head, kid: "other" }, parts().claims),
    "no kid": () => signed({ alg: "RS256" }, parts().claims),
    "its own key in the header": () => signed({ alg: "RS256", kid: "mine", jwk: foreignPublic.export({ format: "jwk" }) }, parts().claims),
    "its own key's address": () => signed({ alg: "RS256", kid: "mine", jku: "http://127.0.0.1:1/jwks.json" }, parts().claims),
    "another algorithm": () => `${encode({ ...parts().head, alg: "PS256" })}.${parts().text[1]}.${parts().text[2]}`,
    "a changed claim": () => `${parts().text[0]}.${encode({ ...parts().claims, sub: "x" })}.${parts().text[2]}`,
    "a changed byte of the signature": () =>
      `${parts().text[0]}.${parts().text[1]}.${parts().text[2].replace(/^./, (c) => (c === "A" ? "B" : "A"))}`,
    "a byte less": () => admin.token.slice(0, -1),
    "no signature": () => `${parts().text[0]}.${parts().text[1]}.`,
    expired: () => bad.expired as string,
    "an id token of an admin": async () => {
      const email = "bar@example.com";
      const { body } = await callPool<{ AuthenticationResult: { IdToken: string } }>(bar, "InitiateAuth", {
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: email, PASSWORD: "correct horse battery staple 9" },
      });
      return body.AuthenticationResult.IdToken;
    },
    "8 KB and more": () => `${admin.token}${"A".repeat(9000)}`,
  };
  test.each(Object.keys(attacks))("%s", async (name) => {
    const token = await (attacks[name] as () => string)();
    for (const [method, path] of [
      ["GET", "/orders"],
      ["GET", "/myOrders"],
      ["PUT", "/store?state=open"],
    ] as const)
      expect(await callApi(bar.url, token, method, path)).toMatchObject({ status: 401, body: { type: problemNamed("not-signed-in") } });
  });
  test("the very token they were made of is good", async () => {
    expect((await callApi(bar.url, admin.token, "GET", "/orders")).status).toBe(200);
  });
  test.each(["Basic dXNlcjpwYXNz", "Bearer", "bearer ", "Token x", "Bearer a b"])(
    "an Authorization of %s is no sign-in",
    async (authorization) => {
      expect((await callApi(bar.url, undefined, "GET", "/myOrders", undefined, { authorization })).status).toBe(401);
    },
  );
  test("a token in the query or a cookie is none", async () => {
    expect((await callApi(bar.url, undefined, "GET", `/myOrders?access_token=${admin.token}`)).status).toBe(401);
    expect((await callApi(bar.url, undefined, "GET", "/myOrders", undefined, { cookie: `AccessToken=${admin.token}` })).status).toBe(401);
  });
});
