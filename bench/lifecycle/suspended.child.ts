/** `FOLDER COUNT [TOKEN]`: starts COUNT executions that then wait, or answers TOKEN; says so, and stays. */
import type { Word } from "./suspended.ts";
import { drinkOrder, openSystem } from "./system.ts";

const [folder, countText, token] = process.argv.slice(2) as [string, string, string?];
const say = (word: Word): void => void process.stdout.write(`${JSON.stringify(word)}\n`);
const system = await openSystem(folder);

if (token === undefined) {
  const begun = performance.now();
  const tokens: string[] = [];
  let started = 0;
  const loop = async (): Promise<void> => {
    while (started < Number(countText)) {
      const taskToken = await system.begin(`order-${++started}`);
      if (tokens.length < 10) tokens.push(taskToken);
    }
  };
  await Promise.all(Array.from({ length: 256 }, loop));
  say({ kind: "suspended", tokens, seconds: (performance.now() - begun) / 1_000 });
} else {
  const next = await system.answer("order-1", token, drinkOrder);
  if (next === undefined) throw new Error("the execution did not go on");
  say({ kind: "answered" });
}
(globalThis as { gc?: () => void }).gc?.();
setTimeout(() => {
  (globalThis as { gc?: () => void }).gc?.();
  say({ kind: "idle" });
}, 3_000);
setInterval(() => {}, 1 << 30);
