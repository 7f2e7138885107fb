import fc from "fast-check";
import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const owner = fc.constantFrom("a", "b", "c");

test("each owner's come in order, all come, and between two of one that waits there is one of each other", () => {
  fc.assert(
    fc.property(fc.array(fc.option(owner), { maxLength: 200 }), (script) => {
      const turns = createTurns<{ owner: string; n: number }>();
      const waiting = new Map<string, number[]>();
      /** Of each owner that waits, whose turns there were since it had its own. */
      const since = new Map<string, string[]>();
      const take = (): void => {
        const item = turns.take();
        if (item === undefined) {
          expect(waiting.size).toBe(0);
          return;
        }
        const own = waiting.get(item.owner) as number[];
        expect(item.n).toBe(own.shift());
        since.set(item.owner, []);
        if (own.length === 0) waiting.delete(item.owner);
        for (const other of waiting.keys()) {
          if (other === item.owner) continue;
          expect(since.get(other)).not.toContain(item.owner);
          since.get(other)?.push(item.owner);
        }
      };
      for (const [n, by] of script.entries()) {
        if (by === null) take();
        else {
          turns.add(by, { owner: by, n });
          const own = waiting.get(by);
          if (own) own.push(n);
          else {
            waiting.set(by, [n]);
            since.set(by, []);
          }
        }
        expect(turns.size()).toBe([...waiting.values()].flat().length);
      }
      while (turns.size() > 0) take();
      take();
    }),
  );
});

test("a million of one owner cost another nothing", () => {
  const turns = createTurns<number>();
  for (let n = 0; n < 1_000_000; n++) turns.add("flood", n);
  turns.add("honest", -1);
  expect([turns.take(), turns.take()]).toEqual([0, -1]);
  for (let n = 1; n < 1_000_000; n++) if (turns.take() !== n) expect.fail(`${n} did not come in its turn`);
  expect(turns.take()).toBeUndefined();
});
