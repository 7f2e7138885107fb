import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@serverlesspresso/clock";
import { openStore, type Store } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "../record-kinds.ts";
import { type Act, type Audit, createAudit } from "./audit.ts";

const act: Act = { who: "ada", address: "::1", what: "states:StartExecution", about: { name: "one" } };
const changed = kinds.signature.key(1, "what the act changes");
let folder: string;
let store: Store;
let audit: Audit;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
  store = await openStore({ folder, onFailure: () => {} });
  audit = createAudit({ store, clock: createManualClock(), onError: () => {} });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const outcomes = (): number[] => audit.list(10).acts.map(({ outcome }) => outcome);

test("U1: an act that is one transaction is durable with its record, in one flush", async () => {
  const before = await store.flush();
  const done = audit.within(act, (note) =>
    store.transact((tx) => {
      tx.put(changed, 1);
      note(tx);
      return "made";
    }),
  );
  expect(await done).toBe("made");
  expect(await store.flush()).toBe(before + 1);
  expect(audit.list(10).acts).toMatchObject([{ ...act, outcome: 200 }]);
});

test("U1: one that fails is recorded with what it answers, and has changed nothing", async () => {
  const failed = audit.within(act, (note) =>
    store.transact((tx) => {
      tx.put(changed, 1);
      note(tx);
      throw Object.assign(new Error("refused"), { status: 409 });
    }),
  );
  await expect(failed).rejects.toThrow("refused");
  expect(outcomes()).toEqual([409]);
  expect(store.get(changed)).toBeUndefined();
});
