/** Who may do what, at the running shop: routes, user pool, pairing, live topics. */

import { blueprint } from "@serverlesspresso/blueprint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callAws, openTestShop, type Person, type TestShop } from "./test-support.ts";

let shop: TestShop;
let admin: Person;
let guest: Person;

beforeAll(async () => {
  shop = await openTestShop();
  [admin, guest] = [await shop.admin(), await shop.guest()];
});
afterAll(() => shop.close());

const own = [
  { method: "GET", path: "/healthz", who: "public" },
  { method: "GET", path: "/settings.json", who: "public" },
  { method: "GET", path: "/openapi.json", who: "public" },
  { method: "GET", path: "/.well-known/jwks.json", who: "public" },
  { method: "GET", path: "/outbox", who: "operator" },
] as const;
/** A device's secret is no token, so `GET /pairings/current` has a caller without identity. */
const byToken = blueprint.routes.filter(({ bearer }) => bearer === undefined);
const all = [...byToken.map(({ method, path, who }) => ({ method, path: path.replace(/\{\w+\}/, "x"), who })), ...own];

test.each(all)("$method $path is for: $who", async ({ method, path, who }) => {
  const body = method === "GET" ? undefined : {};
  const status = async (person: Person): Promise<number> => (await person.call(method, path, body)).status;
  const [nobody, asGuest, asAdmin] = [await status(shop.nobody), await status(guest), await status(admin)];
  const isLetIn = (status: number): boolean => status !== 401 && status !== 403;
  expect([nobody === 401, asGuest === 401, asAdmin === 401]).toEqual([who !== "public", false, false]);
  expect([isLetIn(nobody), isLetIn(asGuest), isLetIn(asAdmin)]).toEqual([who === "public", who === "public" || who === "signedIn", true]);
  for (const bad of ["x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", `${admin.token}x`, "a".repeat(100_000)]) {
    const answer = await shop.nobody.call(method, path, body, { authorization: `Bearer ${bad}` }).catch(() => ({ status: 431 }));
    if (who !== "public") expect([401, 431]).toContain(answer.status);
  }
});

test("an id token opens nothing", async () => {
  const { body } = await shop.nobody.call<{ IdToken: string }>("POST", "/guests", { name: "Ada" });
  expect((await shop.nobody.call("GET", "/myOrders", undefined, { authorization: `Bearer ${body.IdToken}` })).status).toBe(401);
});

test("the user pool's public calls need no right, its others an operator's", async () => {
  const { url, identities } = shop.platform;
  const pool = { UserPoolId: identities.pool.poolId };
  const call = (operation: string, body: Record<string, string>, headers = {}) =>
    callAws(url, `AWSCognitoIdentityProviderService.${operation}`, body, headers);
  expect(
    await call("SignUp", { ClientId: identities.pool.clientId, Username: "new@example.com", Password: "Correct-Horse-Battery-9" }),
  ).toMatchObject({ status: 200 });
  expect(await call("ListUsers", pool)).toMatchObject({ status: 403, body: { __type: "MissingAuthenticationTokenException" } });
  expect(await call("ListUsers", pool, { authorization: `Bearer ${guest.token}` })).toMatchObject({ status: 403 });
  expect(await call("ListUsers", pool, { authorization: `Bearer ${admin.token}` })).toMatchObject({ status: 200 });
  expect(await call("ListUsers", pool, { authorization: `bearer  ${admin.token}` })).toMatchObject({ status: 200 });
  expect(await call("Nonsense", {}, { authorization: `Bearer ${admin.token}` })).toMatchObject({
    status: 400,
    body: { __type: "UnknownOperationException" },
  });
  expect((await admin.call<{ mails: unknown[] }>("GET", "/outbox")).body.mails).toHaveLength(1);
});

test("an operator's token calls the engines in AWS's own shapes, and errors keep AWS's codes", async () => {
  const { url } = shop.platform;
  const headers = { authorization: `Bearer ${admin.token}` };
  expect(
    await callAws(url, "DynamoDB_20120810.GetItem", { TableName: "serverlesspresso-config-table", Key: { PK: { S: "config" } } }, headers),
  ).toMatchObject({
    status: 200,
    body: { Item: { storeOpen: { BOOL: true } } },
  });
  expect(await callAws(url, "AWSStepFunctions.ListStateMachines", {}, headers)).toMatchObject({ status: 200 });
  expect(await callAws(url, "AWSEvents.ListRules", { EventBusName: "Serverlesspresso" }, headers)).toMatchObject({ status: 200 });
  expect(await callAws(url, "DynamoDB_20120810.GetItem", { TableName: "none", Key: { PK: { S: "x" } } }, headers)).toMatchObject({
    status: 400,
    body: { __type: "ResourceNotFoundException" },
  });
  expect(await callAws(url, "DynamoDB_20120810.ListTables", {})).toMatchObject({ status: 403 });
  expect(await callAws(url, "Nothing.Here", {}, headers)).toMatchObject({ status: 400 });
});

test("a display is paired by an operator's confirmation and by nothing else", async () => {
  const started = await shop.nobody.call<{ code: string; deviceSecret: string }>("POST", "/pairings", { deviceName: "Display" });
  expect(started.status).toBe(201);
  const poll = () => shop.nobody.call("GET", "/pairings/current", undefined, { authorization: `Bearer ${started.body.deviceSecret}` });
  expect((await poll()).status).toBe(202);
  expect((await guest.call("POST", `/pairings/${started.body.code}`)).status).toBe(403);
  expect((await admin.call("POST", "/pairings/ZZZZZZ")).status).toBe(400);
  expect((await admin.call("POST", `/pairings/${started.body.code}`)).status).toBe(200);
  const tokens = await poll();
  expect(tokens).toMatchObject({ status: 200, body: { AccessToken: expect.any(String) } });
  const answer = await shop.nobody.call("GET", "/qr-code", undefined, { authorization: `Bearer ${tokens.body.AccessToken}` });
  expect(answer.status).toBe(200);
  expect((await shop.nobody.call("GET", "/pairings/current")).status).toBe(401);
  expect((await shop.nobody.call("GET", "/pairings/current", undefined, { authorization: "Bearer nonsense" })).status).toBe(410);
});

test("signing out ends a token at once", async () => {
  const leaving = await shop.guest("Leaving");
  expect((await leaving.call("GET", "/myOrders")).status).toBe(200);
  await callAws(shop.platform.url, "AWSCognitoIdentityProviderService.GlobalSignOut", { AccessToken: leaving.token ?? "" });
  expect((await leaving.call("GET", "/myOrders")).status).toBe(401);
});

test.each([
  { who: "nobody", yes: ["serverlesspresso-config"], no: ["serverlesspresso-admin", "serverlesspresso-user-{other}", "#"] },
  {
    who: "guest",
    yes: ["serverlesspresso-config", "serverlesspresso-user-{own}"],
    no: ["serverlesspresso-admin", "serverlesspresso-user-{other}", "serverlesspresso-user-+", "+", "#", "$SYS/#"],
  },
  {
    who: "admin",
    yes: ["serverlesspresso-config", "serverlesspresso-admin", "serverlesspresso-user-{own}"],
    no: ["serverlesspresso-user-{other}", "#"],
  },
])("topics of $who", async ({ who, yes, no }) => {
  const person = who === "nobody" ? shop.nobody : who === "guest" ? guest : admin;
  const other = who === "guest" ? admin : guest;
  const name = (topic: string): string => topic.replace("{own}", person.sub).replace("{other}", other.sub);
  for (const topic of yes) await shop.listen(person, name(topic));
  for (const topic of no) await expect(shop.listen(person, name(topic)), topic).rejects.toThrow();
});

test("accounts can be required", async () => {
  const strict = await openTestShop({ guestSignIn: false });
  expect(await strict.nobody.call("POST", "/guests", { name: "Ada" })).toMatchObject({
    status: 403,
    body: { type: expect.stringContaining("accounts-required") },
  });
  await strict.close();
});

test("the OpenAPI document names every route of the blueprint", async () => {
  const { body } = await shop.nobody.call<{ openapi: string; paths: Record<string, Record<string, unknown>> }>("GET", "/openapi.json");
  expect(body.openapi).toBe("3.1.0");
  for (const { method, path } of blueprint.routes) expect(body.paths[path]?.[method.toLowerCase()]).toBeDefined();
});
