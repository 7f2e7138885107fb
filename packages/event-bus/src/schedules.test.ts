import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@serverlesspresso/clock";
import { keyOf, openStore } from "@serverlesspresso/store";
import { expect, test } from "vitest";
import type { Rule } from "./rule.ts";
import { createSchedules } from "./schedules.ts";

const rule = (name: string): Rule => ({ name, busName: "default", scheduleExpression: "rate(1 hour)", isEnabled: true, targets: [] });

test("C2: a turn that cannot be fired is left out; the next one comes in its time, and other rules go on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "schedules-"));
  const store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  const clock = createManualClock();
  const unsettle = clock.settleWith(() => store.flush());
  const [fired, errors]: [string[], string[]] = [[], []];
  const startMs = clock.nowMs();
  const schedules = createSchedules({
    store,
    clock,
    onError: (_, what) => errors.push(what),
    findRule: (_, __, name) => rule(name),
    fire(tx, { name }) {
      if (name === "bad" && clock.nowMs() < startMs + 5_000_000) tx.beforeCommit(() => tx.put(keyOf("k", 0.5), 1));
      fired.push(`${name} ${Math.floor((clock.nowMs() - startMs) / 3_600_000)}`);
    },
  });
  await store.transact((tx) => {
    for (const name of ["bad", "good"]) schedules.arrange(tx, undefined, rule(name));
  });
  schedules.begin();
  await clock.advance(2 * 3_600_000);
  expect(fired.filter((one) => one.startsWith("good"))).toEqual(expect.arrayContaining(["good 1", "good 2"]));
  expect(fired.at(-2)).toBe("bad 2");
  expect(errors).toEqual(['["default","bad","rate(1 hour)"]']);
  schedules.end();
  unsettle();
  await store.close();
  rmSync(folder, { recursive: true });
});
