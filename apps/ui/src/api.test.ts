import { expect, test, vi } from "vitest";
import { createApi } from "./api.ts";
import type { Session } from "./session.ts";
import { endpointsOf } from "./settings.ts";

function openApi() {
  const http = vi.fn(async () => ({ status: 200, body: {} }));
  const session = { accessToken: async () => "token" } as Session;
  return { http, api: createApi(http, () => endpointsOf({}, "http://bar"), session) };
}

test.each(["..", ".", "%2e%2E", ".%2e"])("a parameter of %s is refused before it leads to another route", async (id) => {
  const { http, api } = openApi();
  const refused = { name: "Problem", type: "invalid-request", status: 400 };
  await expect(api.call("orders", `/orders/${id}`)).rejects.toMatchObject(refused);
  await expect(api.call("orders", `/orders/${id}?action=make`, { method: "PUT" })).rejects.toMatchObject(refused);
  await expect(api.call("orders", `/orders/${id}/more`)).rejects.toMatchObject(refused);
  expect(http).not.toHaveBeenCalled();
});

test("an order's id may be any text but a dot segment", async () => {
  const { http, api } = openApi();
  await expect(api.act("..", "make")).rejects.toMatchObject({ type: "invalid-request" });
  for (const id of ["...", "a..b", "../config", ".x"]) await api.order(id);
  const paths = http.mock.calls.map(([url]: unknown[]) => new URL(String(url)).pathname);
  expect(paths).toEqual(["/orders/...", "/orders/a..b", "/orders/..%2Fconfig", "/orders/.x"]);
});
