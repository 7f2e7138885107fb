/** RELIABILITY 26, the switch: codes that change every 30 s. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Answer, Person, Window } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import { type ProblemView, problemNamed } from "./steps.ts";

interface ChangingWindow extends Window {
  readonly codeEndMs?: number;
}
const step = 30_000;
/** How long a code is good after its step. */
const signInMs = 120_000;

const answers = watchAnswers();
let bar: Bar;
const shown = async (): Promise<ChangingWindow> => {
  const { status, body } = await (await bar.admin()).call<ChangingWindow>("GET", "/qr-code");
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
};
const guest = async (): Promise<Person> => (await bar.guests(1))[0] as Person;
/** What a new guest's scan answers: the status, and the kind of problem. */
const scan = async (code: string): Promise<unknown[]> => outcome(await (await guest()).scan(code));
const outcome = ({ status, body }: Answer<unknown>): unknown[] => [status, (body as ProblemView).type].filter(Boolean);
const [over, unknown] = [
  [410, problemNamed("code-expired")],
  [400, problemNamed("unknown-code")],
];
async function until(atMs: number): Promise<void> {
  await bar.clock.advance(atMs - bar.clock.nowMs());
}

beforeAll(async () => {
  bar = await openBar();
});
beforeEach(async () => {
  await bar.configure({ subCode: true, drinksPerBarcode: 50, maxOrdersInQueue: 100 });
  await bar.nextWindow();
  await bar.quiet();
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

test("switched off, as it is at first, a code stays what it is", async () => {
  await bar.configure({ subCode: false });
  expect((await (await bar.admin()).call<{ subCode: boolean }>("GET", "/config")).body.subCode).toBe(false);
  const { code, endMs } = await bar.nextWindow();
  await bar.clock.advance(4 * 60_000);
  expect(await shown()).toEqual({ code, startMs: endMs - 300_000, endMs, remaining: 50 });
});

test("the switch is a yes or a no", async () => {
  for (const subCode of ["true", 1, null]) expect((await (await bar.admin()).call("PUT", "/config", { subCode })).status).toBe(422);
});

test("RELIABILITY 26: each code is shown for 30 s and good for 2 minutes more; passed on after that it is told to be over, and takes nothing", async () => {
  const first = await shown();
  expect(first.codeEndMs).toBe(first.startMs + step);
  await until(first.startMs + step - 1);
  expect(await shown()).toEqual(first);
  await until(first.startMs + step);
  const second = await shown();
  expect(second).toEqual({ ...first, code: expect.not.stringMatching(first.code), codeEndMs: first.startMs + 2 * step });
  expect([await scan(second.code), await scan(first.code)]).toEqual([[201], [201]]);
  await until(first.startMs + step + signInMs - 1);
  expect(await scan(first.code)).toEqual([201]);
  await until(first.startMs + step + signInMs);
  const late = await guest();
  const { status, body } = await late.scan(first.code);
  expect([status, (body as unknown as ProblemView).detail]).toEqual([410, "This code is over. Scan the new one on the display."]);
  expect((await shown()).remaining).toBe(47);
  expect(await scan((await shown()).code)).toEqual([201]);
});

test("RELIABILITY 26: a guest who scanned in time and whose sign-in took two minutes orders, though the window ended; it takes from its own window", async () => {
  const { endMs } = await shown();
  await until(endMs - 1);
  const last = await shown();
  await until(endMs + 100_000);
  const next = await shown();
  const ada = await guest();
  const { status, body } = await ada.scan(last.code);
  expect(status).toBe(201);
  expect(await shown()).toEqual({ ...next, code: expect.any(String), codeEndMs: expect.any(Number) });
  await until(endMs + signInMs);
  // The same guest is answered the same order, however old the code.
  expect((await ada.scan(last.code)).body).toEqual(body);
  expect(await scan(last.code)).toEqual(over);
});

test("RELIABILITY 26, 28: a code without its sub-code, with a wrong one or another window's is like any unknown code, and ten of them are enough", async () => {
  const before = await shown();
  const [window, secret, , mac] = before.code.split(".") as [string, string, string, string];
  await until(before.endMs);
  const { code } = await shown();
  const [nextWindow, nextSecret, nextStep] = code.split(".") as [string, string, string];
  const wrong = [
    `${nextWindow}.${nextSecret}`,
    `${nextWindow}.${nextSecret}.${nextStep}`,
    `${nextWindow}.${nextSecret}.${nextStep}.${mac}`,
    `${nextWindow}.${nextSecret}.${nextStep}.${"A".repeat(22)}`,
    `${code}A`,
    code.replace(/\.\w+\.(?=[\w-]+$)/, ".5."),
    `${window}.${secret}`,
    `${nextWindow}.${secret}`,
    `${window}.${nextSecret}.${nextStep}.${mac}`,
    "no code at all",
  ];
  const guesser = await guest();
  const answers = [];
  for (const one of wrong) answers.push(await guesser.scan(one));
  expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
  expect(outcome(answers[0] as Answer)).toEqual(unknown);
  expect(outcome(await guesser.scan(code))).toEqual([429, problemNamed("too-many-wrong-codes")]);
  expect(await scan(code)).toEqual([201]);
});

test("RELIABILITY 26: posted in a chat, a code that is good gives its window's drinks and no more", async () => {
  await bar.configure({ drinksPerBarcode: 10 });
  const { code } = await bar.nextWindow();
  const answers = await Promise.all((await bar.guests(25)).map((one) => one.scan(code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(10).fill(201), ...Array(15).fill(429)]);
});

test("turned on in a window: the code that was shown is good for 2 minutes, also where two ask at once; turned off: every code of the window is", async () => {
  await bar.configure({ subCode: false });
  const plain = await bar.nextWindow();
  await bar.configure({ subCode: true });
  const [one, other] = await Promise.all([shown(), shown()]);
  expect(one).toEqual(other);
  expect(one.code.startsWith(`${plain.code}.`)).toBe(true);
  await bar.clock.advance(signInMs - 1);
  expect(await scan(plain.code)).toEqual([201]);
  await bar.clock.advance(1);
  expect(await scan(plain.code)).toEqual(over);
  const changing = await shown();
  await bar.configure({ subCode: false });
  expect(await shown()).toEqual({ ...plain, remaining: 49 });
  await until(plain.endMs - 1);
  expect([await scan(plain.code), await scan(changing.code)]).toEqual([[201], [201]]);
});

test("switched off and on again in a window, it takes nothing from a code that was just scanned, and gives nothing to one that is over", async () => {
  const scanned = await shown();
  await bar.configure({ subCode: false });
  const plain = await shown();
  await bar.configure({ subCode: true });
  expect(await shown()).toEqual(scanned);
  expect([await scan(scanned.code), await scan(plain.code)]).toEqual([[201], [201]]);
  await until(scanned.startMs + step + signInMs);
  expect([await scan(scanned.code), await scan(plain.code)]).toEqual([over, over]);
});

test("RELIABILITY 26: what the sub-codes are made with is in no answer and no event", async () => {
  const { code } = await shown();
  await scan(code);
  await (await bar.admin()).call("GET", "/orders");
  await bar.quiet();
  const secrets = JSON.stringify(bar.tables().validator).match(/(?<="subCodeSecret":\{"S":")[\w-]{43}/g) ?? [];
  expect(secrets.length).toBeGreaterThan(0);
  const seen = JSON.stringify([answers, bar.events()]);
  expect(seen).toContain(code.split(".")[0]);
  expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
});
