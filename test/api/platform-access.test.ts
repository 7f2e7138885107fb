/** The routes that are the local platform's own, beside the blueprint's: who may call them. */
import { blueprint } from "@serverlesspresso/blueprint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { accountToken, guestTokens, tokenOfOtherClient } from "./steps.ts";

let bar: Bar;
const tokens: Record<string, string | undefined> = { nobody: undefined };
beforeAll(async () => {
  bar = await openBar();
  tokens.expired = (await bar.admin()).token;
  await bar.clock.advance(3_600_000);
  tokens.admin = (await bar.admin()).token;
  tokens.operator = await accountToken(bar, "operator@example.com", ["operator"]);
  tokens.barista = await accountToken(bar, "barista@example.com");
  tokens.display = (await bar.secondBarista()).token;
  const guest = await guestTokens(bar);
  Object.assign(tokens, { guest: guest.AccessToken, idToken: guest.IdToken });
  tokens.otherClient = await tokenOfOtherClient(bar.dataFolder, tokens.admin ?? "");
});
afterAll(() => bar.close());

/** Each route with what it answers an operator. */
const rows: Readonly<
  Record<string, { readonly isOperators: boolean; readonly path?: () => string; readonly body?: object; readonly status: number }>
> = {
  "GET /healthz": { isOperators: false, status: 200 },
  "GET /settings.json": { isOperators: false, status: 200 },
  "GET /openapi.json": { isOperators: false, status: 200 },
  "GET /.well-known/jwks.json": { isOperators: false, status: 200 },
  "GET /{poolId}/.well-known/jwks.json": {
    isOperators: false,
    path: () => `/${bar.platform.identities.pool.poolId}/.well-known/jwks.json`,
    status: 200,
  },
  "GET /outbox": { isOperators: true, status: 200 },
  "GET /audit": { isOperators: true, status: 200 },
  "POST /backup": { isOperators: true, status: 201 },
};

test("RELIABILITY 1: every route of the platform's own has its row here", () => {
  const blueprints = new Set(blueprint.routes.map(({ method, path }) => `${method} ${path}`));
  expect(Object.keys(rows).sort()).toEqual(bar.platform.routes.filter((route) => !blueprints.has(route)).sort());
});

test.each(Object.keys(rows))("RELIABILITY 1: %s by everybody", async (route) => {
  const { isOperators, path, body, status } = rows[route] as (typeof rows)[string];
  const [method = "", pattern = ""] = route.split(" ");
  const answers = await Promise.all(
    Object.entries(tokens).map(async ([who, token]) => [who, (await callApi(bar.url, token, method, path?.() ?? pattern, body)).status]),
  );
  const others = isOperators ? { nobody: 401, guest: 403, barista: 403, display: 403, expired: 401, idToken: 401, otherClient: 401 } : {};
  const everybody = Object.fromEntries(Object.keys(tokens).map((who) => [who, status]));
  expect(Object.fromEntries(answers)).toEqual({ ...everybody, ...others });
});
