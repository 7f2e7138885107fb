import { expect, test } from "vitest";
import type { Answer, RobotApi } from "./api.ts";
import { playBarista } from "./barista.ts";
import { playGuest } from "./guest.ts";
import type { Pace } from "./pace.ts";

const bodies: readonly [path: RegExp, body: unknown][] = [
  [/^\/guests$/, { AccessToken: "token" }],
  [/^\/qr-code/, { orderId: "1" }],
  [/^\/config$/, { menu: [{ drink: "Latte", available: true, modifiers: [] }] }],
  [/^\/orders\?/, { orders: [{ orderId: "1" }] }],
  [/^\/orders\/1$/, { orderState: "COMPLETED" }],
  [/^\/orders\/1\?/, {}],
];

/** Accepts every call except the `refused`-th. */
function apiThatRefuses(refused: number): { readonly api: RobotApi; readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    api: {
      adopt: () => {},
      async call<T>(method: string, path: string): Promise<Answer<T>> {
        calls.push(`${method} ${path}`);
        const body = bodies.find(([pattern]) => pattern.test(path))?.[1];
        return calls.length === refused ? { ok: false, status: 503 } : { ok: true, status: 200, body: body as T };
      },
    },
  };
}

/** In no hurry, never undecided. */
const pace: Pace = { wait: async () => {}, happens: () => false, pick: ([first]) => first, isOver: () => false, end: () => {} };

test.each([0, 1, 2, 3, 4, 5])("a guest and a barista live through a refusal of call %d", async (refused) => {
  const guest = apiThatRefuses(refused);
  await playGuest({ guest: guest.api, pace, readCode: async () => "code" });
  const barista = apiThatRefuses(refused);
  await playBarista(barista.api, pace);
  if (refused > 0) return;
  expect(guest.calls.at(-1)).toBe("GET /orders/1");
  expect(barista.calls.at(-1)).toBe("PUT /orders/1?action=complete");
});
