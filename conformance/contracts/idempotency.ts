/** What `Idempotency-Key` promises (blueprint.N1 to blueprint.N5 of `blueprint/edge/idempotency.ts`), over any implementation of the port `Tables`. */
import { createIdempotency, type Idempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import type { IdempotentCall } from "@serverlesspresso/blueprint/edge/idempotent-call.ts";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { Clock, RouteResponse, Tables } from "@serverlesspresso/ports";
import { expect } from "vitest";
import { describeContract, type Place } from "./contract.ts";

/** A place: its tables, and one of them with the partition key `PK`. */
export interface TablesOfPlace {
  readonly tables: Tables;
  readonly tableName: string;
}

/** Several processes at one table, on a clock that stands still. */
interface Processes {
  readonly clock: ManualClock;
  /** A process that may be ended `lifeMs` after the call begins; one that is alone at its table where it is left out. */
  start(lifeMs?: number): (call: IdempotentCall, perform: Perform) => Promise<RouteResponse>;
  /** Resolves when one of them waits for the clock; at once where one does. */
  waiting(): Promise<void>;
}
type Perform = () => Promise<RouteResponse>;

/** Far from the tables' own time, so that they forget nothing on theirs. */
const startMs = Date.UTC(2100, 0, 1);
const dayMs = 86_400_000;

function startProcesses({ tables, tableName }: TablesOfPlace): Processes {
  const clock = createManualClock(startMs);
  let pending = 0;
  let begun = Promise.withResolvers<void>();
  const heard: Clock = {
    ...clock,
    at(atMs, fn) {
      pending += 1;
      begun.resolve();
      const end = (): void => {
        pending -= 1;
        if (pending === 0) begun = Promise.withResolvers();
      };
      let isOver = false;
      const cancel = clock.at(atMs, () => {
        end();
        isOver = true;
        fn();
      });
      return () => {
        if (!isOver) end();
        isOver = true;
        cancel();
      };
    },
  };
  return {
    clock,
    start(lifeMs) {
      const process: Idempotency = createIdempotency({ tables, tableName, clock: heard, ids: createIds(clock) });
      return (call, perform) => process.once(call, perform, lifeMs === undefined ? undefined : clock.nowMs() + lifeMs);
    },
    waiting: () => begun.promise,
  };
}

let keys = 0;
const freshCall = (): IdempotentCall => ({ key: `k-${keys++}`, userId: "ada", route: "PUT /store", request: ["/store", "state=open", {}] });
const ok = (n: number): RouteResponse => ({ statusCode: 200, body: { n, list: [1.5, null, { "": [] }] } });
const refusal: RouteResponse = { statusCode: 409, body: { detail: "no" } };

/** Performs at once, and counts how often. */
function counted(answer: (n: number) => RouteResponse = ok) {
  let n = 0;
  return { perform: async () => answer(++n), done: () => n };
}
/** Performs until the test ends it. */
function held() {
  const begun = Promise.withResolvers<void>();
  const { promise, resolve, reject } = Promise.withResolvers<RouteResponse>();
  const perform: Perform = () => {
    begun.resolve();
    return promise;
  };
  return { perform, begun: begun.promise, answer: resolve, fail: reject };
}
/** Lets the clock go on, whenever a process waits for it, until `answer` is there. */
async function moveUntil<T>({ clock, waiting }: Processes, answer: Promise<T>): Promise<T> {
  let isThere = false;
  const ended = answer.catch(() => {}).then(() => void (isThere = true));
  for (;;) {
    await Promise.race([waiting(), ended]);
    if (isThere) return answer;
    await clock.advance(100);
  }
}

const problem = (status: number) => ({ problem: { status } });

/** The contract of answers kept under an `Idempotency-Key`. */
export function describeIdempotencyContract(place: Place<TablesOfPlace>): void {
  describeContract("answers under an Idempotency-Key", place, ({ check }) => {
    for (const lifeMs of [undefined, 10_000]) {
      const where = lifeMs === undefined ? "alone at its table" : "with others at its table";

      check(`blueprint.N1: an answer is given again to the same user on the same route, ${where}`, async (client) => {
        const once = startProcesses(client).start(lifeMs);
        const { perform } = counted();
        const call = freshCall();
        expect([await once(call, perform), await once(call, perform)]).toEqual([ok(1), ok(1)]);
        expect(await once({ ...call, userId: "eve" }, perform)).toEqual(ok(2));
        expect(await once({ ...call, route: "PUT /menu" }, perform)).toEqual(ok(3));
        expect(await once(call, perform)).toEqual(ok(1));
      });

      check(`blueprint.N1: another process gives it, for a day and no longer, ${where}`, async (client) => {
        const { start, clock } = startProcesses(client);
        const { perform } = counted();
        const call = freshCall();
        await start(lifeMs)(call, perform);
        await clock.advance(dayMs - 1);
        expect(await start(lifeMs)(call, perform)).toEqual(ok(1));
        await clock.advance(1);
        expect(await start(lifeMs)(call, perform)).toEqual(ok(2));
        expect(await start(lifeMs)(call, perform)).toEqual(ok(2));
      });

      check(`blueprint.N2: a key used for another request is refused, and nothing is done, ${where}`, async (client) => {
        const once = startProcesses(client).start(lifeMs);
        const { perform, done } = counted();
        const call = freshCall();
        await once(call, perform);
        const refused = once({ ...call, request: ["/store", "state=closed", {}] }, perform);
        await expect(refused).rejects.toMatchObject({
          problem: { status: 422, type: "urn:serverlesspresso:problem:idempotency-key-reused" },
        });
        expect([await once(call, perform), done()]).toEqual([ok(1), 1]);
      });

      check(`blueprint.N3: a repeat in the process waits for the call itself, ${where}`, async (client) => {
        const once = startProcesses(client).start(lifeMs);
        const first = held();
        const call = freshCall();
        const { perform, done } = counted();
        const answers = [once(call, first.perform), once(call, perform), once(call, perform)];
        const other = once({ ...call, request: [] }, perform);
        await first.begun;
        first.answer(ok(7));
        await expect(other).rejects.toMatchObject(problem(422));
        expect([await Promise.all(answers), done()]).toEqual([[ok(7), ok(7), ok(7)], 0]);
      });

      check(`blueprint.N4: a refusal is not kept, nor is a failure, ${where}`, async (client) => {
        const once = startProcesses(client).start(lifeMs);
        const call = freshCall();
        const { perform, done } = counted((n) => (n === 1 ? refusal : ok(n)));
        expect([await once(call, perform), await once(call, perform), done()]).toEqual([refusal, ok(2), 2]);
        const failing = freshCall();
        await expect(once(failing, () => Promise.reject(new TypeError("broken")))).rejects.toThrow("broken");
        expect(await once(failing, counted().perform)).toEqual(ok(1));
      });

      check(`blueprint.N4: a repeat that waited for a refusal or a failure is looked at anew, ${where}`, async (client) => {
        const once = startProcesses(client).start(lifeMs);
        for (const end of [
          (one: ReturnType<typeof held>) => one.answer(refusal),
          (one: ReturnType<typeof held>) => one.fail(new Error("broken")),
        ]) {
          const [first, call] = [held(), freshCall()];
          const { perform, done } = counted();
          const begun = once(call, first.perform).catch(() => refusal);
          const repeats = Promise.all([once(call, perform), once(call, perform)]);
          await first.begun;
          end(first);
          expect([await begun, await repeats, done()]).toEqual([refusal, [ok(1), ok(1)], 1]);
        }
      });

      check(`a key must have 1 to 128 visible ASCII characters, ${where}`, async (client) => {
        const once = startProcesses(client).start(lifeMs);
        const { perform, done } = counted();
        for (const key of ["", "k".repeat(129), "a b", "é"]) {
          await expect(once({ ...freshCall(), key }, perform)).rejects.toMatchObject(problem(400));
        }
        expect(done()).toBe(0);
      });
    }

    check("blueprint.N3: a repeat in another process waits for the answer", async (client) => {
      const processes = startProcesses(client);
      const { start } = processes;
      const [first, call] = [held(), freshCall()];
      const { perform, done } = counted();
      const begun = start(10_000)(call, first.perform);
      await first.begun;
      const repeat = start(10_000)(call, perform);
      await processes.waiting();
      first.answer(ok(7));
      expect(await begun).toEqual(ok(7));
      expect([await moveUntil(processes, repeat), done()]).toEqual([ok(7), 0]);
    });

    check("blueprint.N3: it waits as long as its own process lives, and no longer", async (client) => {
      const processes = startProcesses(client);
      const { start, clock } = processes;
      const [first, call] = [held(), freshCall()];
      const { perform, done } = counted();
      const process = start(10_000);
      const begun = process(call, first.perform);
      await first.begun;
      const here = moveUntil(processes, process(call, perform));
      await expect(here).rejects.toMatchObject(problem(503));
      expect(clock.nowMs() - startMs).toBeLessThanOrEqual(9_100);
      first.answer(ok(7));
      expect([await begun, done()]).toEqual([ok(7), 0]);

      const [second, another] = [held(), freshCall()];
      const running = process(another, second.perform);
      await second.begun;
      await expect(start(1_050)(another, perform)).rejects.toMatchObject(problem(503));
      second.answer(ok(8));
      expect([await running, done()]).toEqual([ok(8), 0]);
    });

    check("blueprint.N5: a claim without an answer ends with its process, and a late answer changes nothing", async (client) => {
      const processes = startProcesses(client);
      const { start, clock } = processes;
      const [dead, call] = [held(), freshCall()];
      const late = start(3_000)(call, dead.perform);
      await dead.begun;
      const { perform, done } = counted();
      expect(await moveUntil(processes, start(20_000)(call, perform))).toEqual(ok(1));
      expect(clock.nowMs() - startMs).toBeGreaterThanOrEqual(3_000);
      expect(clock.nowMs() - startMs).toBeLessThan(3_500);
      dead.answer(ok(7));
      expect(await late).toEqual(ok(7));
      expect([await start(3_000)(call, perform), done()]).toEqual([ok(1), 1]);
    });

    check("blueprint.N5: a refusal that comes after its claim ended takes nothing from the next", async (client) => {
      const { start, clock } = startProcesses(client);
      const [dead, next, call] = [held(), held(), freshCall()];
      const late = start(3_000)(call, dead.perform);
      await dead.begun;
      await clock.advance(3_000);
      const running = start(10_000)(call, next.perform);
      await next.begun;
      dead.answer(refusal);
      expect(await late).toEqual(refusal);
      await expect(start(1_050)(call, counted().perform)).rejects.toMatchObject(problem(503));
      next.answer(ok(8));
      expect(await running).toEqual(ok(8));
    });

    check("blueprint.N5: a process alone at its table leaves no claim behind when it dies", async (client) => {
      const { start } = startProcesses(client);
      const [dead, call] = [held(), freshCall()];
      void start()(call, dead.perform);
      await dead.begun;
      expect(await start()(call, counted().perform)).toEqual(ok(1));
    });
  });
}
