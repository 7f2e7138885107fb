import { afterEach, expect, test, vi } from "vitest";
import { http } from "./http.ts";
import { createManualClock } from "./manual-clock.ts";
import { createOutbox } from "./outbox.ts";
import { createTestShelf } from "./test-shelf.ts";

const page = "<html>Welcome to the hotel's network. Please sign in.</html>";

afterEach(() => void vi.unstubAllGlobals());

test.each([200, 403, 404, 511])(
  "a page of somebody else's with status %i settles no action: it is sent again with its key",
  async (status) => {
    const order = { orderId: "o1" };
    const fetch = vi.fn().mockResolvedValueOnce(new Response(page, { status })).mockResolvedValueOnce(Response.json(order));
    vi.stubGlobal("fetch", fetch);
    const settled = vi.fn();
    const clock = createManualClock(0);
    const outbox = createOutbox({
      shelf: createTestShelf(),
      clock,
      send: async ({ key }) => (await http("/orders/o1", { method: "PUT", headers: { "idempotency-key": key } })).body,
      onSettled: (_, outcome) => settled(outcome),
      newKey: () => "k1",
      random: () => 1,
    });
    outbox.add("place", "o1");
    await vi.waitFor(() => expect(outbox.actions.value).toMatchObject([{ key: "k1", attempts: 1 }]));
    expect(settled).not.toHaveBeenCalled();
    clock.advance(30_000);
    await vi.waitFor(() => expect(settled).toHaveBeenCalledWith({ ok: true, value: order }));
    expect(fetch.mock.calls.map(([, { headers }]) => headers["idempotency-key"])).toEqual(["k1", "k1"]);
  },
);

test("an answer without a body is one, and a proxy's page may ask for patience", async () => {
  vi.stubGlobal("fetch", async () => new Response(null, { status: 204 }));
  expect(await http("/")).toEqual({ status: 204, body: undefined });
  vi.stubGlobal("fetch", async () => new Response(page, { status: 503, headers: { "retry-after": "7" } }));
  await expect(http("/")).rejects.toMatchObject({ name: "Problem", status: 503, retryAfterMs: 7000 });
});
