import type { OrderState } from "@serverlesspresso/contract";
import { encode } from "uqr";
import { describe, expect, test, vi } from "vitest";
import { createServerClock } from "../../ui/src/clock.ts";
import { createManualClock } from "../../ui/src/manual-clock.ts";
import { type Message, type Order, parseOrder } from "../../ui/src/orders.ts";
import { Problem } from "../../ui/src/problem.ts";
import { createCalls } from "./calls.ts";
import { createCodeWindows, mayShow } from "./code-window.ts";
import { configureLink, orderLink, reachableRoot } from "./links.ts";
import { pageOf, preparing, ready, waitMinutes } from "./lists.ts";
import { createPairing } from "./pairing.ts";

const order = (orderNumber: number, orderState: OrderState, updatedMs: number): Order =>
  parseOrder({ orderId: `o${orderNumber}`, orderNumber, orderState, createdMs: 0, updatedMs });
const orders = (...list: Order[]) => new Map(list.map((one) => [one.orderId, one] as const));
const numbers = (list: readonly Order[]): number[] => list.map(({ orderNumber }) => orderNumber);

describe("lists", () => {
  test("preparing by number, ready for ten minutes, newest first", () => {
    const all = orders(
      order(2, "MAKING", 1),
      order(1, "SUBMITTED", 1),
      order(3, "COMPLETED", 100),
      order(4, "COMPLETED", 200),
      order(5, "TIMEDOUT", 1),
    );
    expect(numbers(preparing(all))).toEqual([1, 2]);
    expect(numbers(ready(all, 1000))).toEqual([4, 3]);
    expect(numbers(ready(all, 100 + 600_000))).toEqual([4]);
  });

  test("pages turn in a circle and none is empty", () => {
    const items = [1, 2, 3, 4, 5];
    expect([0, 1, 2, 3].map((turn) => pageOf(items, 2, turn).shown)).toEqual([[1, 2], [3, 4], [5], [1, 2]]);
    expect(pageOf([], 2, 7)).toEqual({ shown: [], page: 1, pages: 1 });
    expect(pageOf(items, 0, 0).shown).toEqual([1]);
  });

  test("the wait is the median of the last drinks, silent before there are three", () => {
    const done = [1, 2, 9].map((minutes) => order(minutes, "COMPLETED", minutes * 60_000));
    expect(waitMinutes(orders(...done), 600_000)).toBe(2);
    expect(waitMinutes(orders(...done.slice(1)), 600_000)).toBeUndefined();
    expect(waitMinutes(orders(...done), 40 * 60_000)).toBeUndefined();
  });
});

describe("the code's window", () => {
  const window = (index: number, remaining = 10) => ({
    code: `code-${index}`,
    startMs: index * 300_000,
    endMs: (index + 1) * 300_000,
    remaining,
  });
  const spent = (startMs: number, remaining: number): Message => ({
    id: String(remaining),
    time: "",
    type: "Validator.NewOrder",
    detail: { orderId: "o", bucket: { startMs, endMs: 0, remaining } },
  });

  function open() {
    const clock = createManualClock(0);
    const fetchWindow = vi.fn(async (): Promise<unknown> => window(Math.floor(clock.nowMs() / 300_000)));
    return { clock, fetchWindow, codes: createCodeWindows(fetchWindow, clock, createServerClock(clock)) };
  }

  test("W1. a new code by itself, also after failures", async () => {
    const { clock, fetchWindow, codes } = open();
    await codes.read();
    expect(codes.current.value?.code).toBe("code-0");
    fetchWindow.mockRejectedValueOnce(new TypeError("cut off"));
    clock.advance(300_250);
    await expect
      .poll(() => {
        clock.advance(500);
        return codes.current.value?.code;
      })
      .toBe("code-1");
    expect(fetchWindow).toHaveBeenCalledTimes(3);
  });

  test("stopped by the refusal of its own question, it asks no more", async () => {
    const { clock, fetchWindow, codes } = open();
    await codes.read();
    fetchWindow.mockImplementation(async () => {
      codes.stop(); // as the app does whose session has ended
      throw new Problem("NotAuthorizedException", 400, "");
    });
    clock.advance(300_250);
    await new Promise((resolve) => setTimeout(resolve));
    clock.advance(600_000);
    expect(fetchWindow).toHaveBeenCalledTimes(2);
  });

  test("W1. asks again at its own end where the clock was corrected or the device slept, and when the shop's figures change", async () => {
    const clock = createManualClock(0);
    const server = createServerClock(clock);
    const fetchWindow = vi.fn(async (): Promise<unknown> => window(Math.floor(server.nowMs() / 300_000)));
    const codes = createCodeWindows(fetchWindow, clock, server);
    await codes.read();
    server.read(120_000, 60, clock.nowMs()); // three minutes are left, and pass in three seconds
    clock.advance(15_000);
    await expect
      .poll(() => {
        clock.advance(250);
        return codes.current.value?.startMs;
      })
      .toBeGreaterThanOrEqual(300_000);
    fetchWindow.mockResolvedValue({ ...window(99), endMs: 9e9 });
    codes.take({ id: "c", time: "", type: "ConfigService.ConfigChanged", detail: { NewImage: { PK: "config", barcodeMinutes: 1440 } } });
    clock.advance(500);
    await expect.poll(() => codes.current.value?.code).toBe("code-99");
  });

  test("W1, W3. a code that changes is asked for at each change; one that should have given way is shown for half a minute more", async () => {
    const clock = createManualClock(0);
    const changing = (nowMs: number) => {
      const step = Math.floor(nowMs / 30_000);
      return { ...window(0), code: `code-0.${step}`, codeEndMs: (step + 1) * 30_000 };
    };
    const fetchWindow = vi.fn(async (): Promise<unknown> => changing(clock.nowMs()));
    const codes = createCodeWindows(fetchWindow, clock, createServerClock(clock));
    const shown = (): string | undefined => {
      const current = codes.current.value;
      return current && mayShow(current, clock.nowMs()) ? current.code : undefined;
    };
    await codes.read();
    const advance = async (ms: number): Promise<void> => {
      clock.advance(ms);
      await new Promise((resolve) => setTimeout(resolve));
    };
    for (let steps = 0; steps < 3; steps++) {
      expect(shown()).toBe(`code-0.${steps}`);
      await advance(30_250 - (clock.nowMs() % 30_000));
    }
    fetchWindow.mockRejectedValue(new TypeError("cut off"));
    await advance(59_999 - 250);
    expect(shown()).toBe("code-0.3");
    await advance(1);
    expect(shown()).toBeUndefined();
    fetchWindow.mockImplementation(async () => changing(clock.nowMs()));
    await advance(2_000);
    expect(shown()).toBe("code-0.5");
  });

  test("W1. a change that is heard of while the window is being asked for is asked about", async () => {
    const { clock, fetchWindow, codes } = open();
    let answer = (_: unknown): void => {};
    fetchWindow.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const reading = codes.read();
    fetchWindow.mockResolvedValue({ ...window(99), endMs: 9e9 });
    codes.take({ id: "c", time: "", type: "ConfigService.ConfigChanged", detail: {} });
    answer(window(0));
    await reading;
    clock.advance(500);
    await expect.poll(() => codes.current.value?.code).toBe("code-99");
  });

  test("W2. counts down with each drink, and never up again when events come out of order", async () => {
    const { codes } = open();
    await codes.read();
    codes.take(spent(0, 8));
    codes.take(spent(0, 9));
    expect(codes.current.value?.remaining).toBe(8);
  });

  test("W2. asks again where an event speaks of another window, or a drink came back", async () => {
    const { clock, fetchWindow, codes } = open();
    await codes.read();
    codes.take(spent(300_000, 9));
    clock.advance(1_000);
    codes.take({ id: "t", time: "", type: "OrderProcessor.OrderTimeOut", detail: {} });
    clock.advance(1_000);
    expect(fetchWindow).toHaveBeenCalledTimes(3);
  });
});

test("numbers are called one after the other, each once", () => {
  const clock = createManualClock(0);
  const ring = vi.fn();
  const calls = createCalls(clock, ring);
  for (const id of ["a", "b", "c", "b"]) calls.call(id);
  const seen: (string | undefined)[] = [];
  for (let turn = 0; turn < 4; turn++) {
    seen.push(calls.current.value);
    clock.advance(6_000);
  }
  expect(seen).toEqual(["a", "c", "b", undefined]);
  expect(ring).toHaveBeenCalledTimes(3);
});

describe("links", () => {
  test.each([
    { page: "http://localhost:4000", host: "192.168.1.5:4000", origin: "http://192.168.1.5:4000" },
    { page: "http://127.0.0.1:4000", host: "https://bar.local:4000", origin: "https://bar.local:4000" },
    { page: "http://192.168.1.9:4000", host: "192.168.1.5:4000", origin: "http://192.168.1.9:4000" },
    { page: "http://localhost:4000", host: undefined, origin: "http://localhost:4000" },
    { page: "http://localhost:4000", host: "x-ats.iot.eu-west-1.amazonaws.com", origin: "http://localhost:4000" },
  ])("$page with host $host is reached at $origin", ({ page, host, origin }) => expect(reachableRoot(page, host)).toBe(origin));

  test("the order link carries the code, and settings only where there are any", () => {
    expect(orderLink("http://b:1", "a/b+c", {})).toBe("http://b:1/order/?token=a%2Fb%2Bc");
    expect(orderLink("http://b:1", "c", { backend: "http://d" })).toContain("backend=http%3A%2F%2Fd");
    expect(configureLink("http://b:1", "barista", {})).toBe("http://b:1/barista/?backend=http%3A%2F%2Fb%3A1");
  });

  test("a usual link fits a QR code that is read from the back row", () => {
    expect(encode(orderLink("http://192.168.178.123:4000", "x".repeat(58), {}), { ecc: "M", border: 4 }).size).toBeLessThanOrEqual(53);
  });
});

test("I1. pairing replaces a code that has ended and takes the tokens once confirmed", async () => {
  const clock = createManualClock(0);
  let started = 0;
  let polls = 0;
  const http = vi.fn(async (url: string) => {
    if (url.endsWith("/pairings")) return { status: 201, body: { code: `C${++started}`, deviceSecret: `s${started}`, expiresMs: 600_000 } };
    polls++;
    if (polls === 1) return { status: 202, body: undefined };
    if (polls === 2) throw new Problem("ExpiredCodeException", 410, "");
    if (polls === 3) throw new TypeError("cut off");
    return { status: 200, body: { AccessToken: "a" } };
  });
  const onTokens = vi.fn(async () => {});
  const serverClock = createServerClock(clock);
  const pairing = createPairing({ http, backend: () => "", deviceName: () => "Display", onTokens, clock, serverClock });
  const codes = new Set<string>();
  pairing.start();
  await expect
    .poll(() => {
      codes.add(pairing.code.value);
      clock.advance(2_000);
      return onTokens;
    })
    .toHaveBeenCalledOnce();
  expect([...codes].filter(Boolean)).toEqual(["C1", "C2"]);
});

describe("a code that has ended", () => {
  /** A screen that shows its first code; what its calls are answered from then on is the test's. */
  async function showing() {
    const clock = createManualClock(0);
    const first = { status: 201, body: { code: "C1", deviceSecret: "s1", expiresMs: 600_000 } };
    const http = vi.fn(async (_url: string): Promise<{ status: number; body: unknown }> => ({ status: 202, body: undefined }));
    http.mockResolvedValueOnce(first);
    const onTokens = vi.fn(async () => {});
    const options = { http, backend: () => "", deviceName: () => "Display", onTokens, clock, serverClock: createServerClock(clock) };
    const pairing = createPairing(options);
    pairing.start();
    await vi.waitFor(() => expect(pairing.code.value).toBe("C1"));
    http.mockClear();
    /** Lets so much time pass, and what follows from it. */
    const pass = async (ms: number): Promise<void> => {
      clock.advance(ms);
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    };
    const asked = (path: string): number => http.mock.calls.filter(([url]) => url.endsWith(path)).length;
    return { clock, pairing, http, onTokens, pass, asked };
  }

  test("I2. it vanishes while the network is away, and tokens of its confirmation are taken still", async () => {
    const { pairing, http, onTokens, pass } = await showing();
    http.mockRejectedValue(new TypeError("cut off"));
    await pass(599_999);
    expect(pairing.code.value).toBe("C1");
    await pass(1);
    expect(pairing.code.value).toBe("");
    http.mockResolvedValue({ status: 200, body: { AccessToken: "a" } });
    await pass(2_000);
    expect(onTokens).toHaveBeenCalledOnce();
  });

  test("I2, I3. it vanishes while no new one can be had, which is asked for when the bar says", async () => {
    const { pairing, http, pass, asked } = await showing();
    http.mockRejectedValueOnce(new Problem("code-expired", 410, ""));
    http.mockRejectedValueOnce(new Problem("too-many-requests", 429, "", 90_000));
    await pass(2_000);
    expect([pairing.code.value, asked("/pairings")]).toEqual(["", 1]);
    await pass(89_999);
    expect(asked("/pairings")).toBe(1);
    http.mockResolvedValueOnce({ status: 201, body: { code: "C2", deviceSecret: "s2", expiresMs: 1_200_000 } });
    await pass(1);
    expect([pairing.code.value, asked("/pairings")]).toEqual(["C2", 2]);
    await pass(598_000);
    expect(pairing.code.value).toBe("C2");
  });

  test("I3. a poll that is refused for a while waits as long", async () => {
    const { http, pass, asked } = await showing();
    http.mockRejectedValueOnce(new Problem("too-many-requests", 429, "", 30_000));
    await pass(2_000);
    await pass(29_999);
    expect(asked("/current")).toBe(1);
    await pass(1);
    expect(asked("/current")).toBe(2);
  });

  test("one of a screen that was signed in meanwhile hides no later one", async () => {
    const { pairing, http, pass } = await showing();
    pairing.stop();
    expect(pairing.code.value).toBe("");
    http.mockResolvedValueOnce({ status: 201, body: { code: "C2", deviceSecret: "s2", expiresMs: 900_000 } });
    pairing.start();
    await pass(600_000);
    expect(pairing.code.value).toBe("C2");
  });
});
