/**
 * Time and chance are ports (docs/reliability.md section 4): no source reads the machine's clock, sets its timers or draws its random numbers but those
 * named here, each for its reason.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const sources = globSync(["{packages,services,platforms,blueprint,contract}/**/*.ts", "apps/**/*.{ts,tsx}", "ports/*.ts"], {
  cwd: root,
}).filter((file) => !/node_modules|\/dist\/|\.test\.tsx?$|\.child\.ts$|testing[\w-]*\.ts$|test-support|\/test\/|\/tests\//.test(file));

const time = /\bDate\.now\b|new Date\(\)|\bset(?:Timeout|Interval)\(|\bperformance\.now\b|\bprocess\.hrtime\b|\bAbortSignal\.timeout\(/;
const modules = /from "(?:node:)?timers(?:\/promises)?"/;
const chance = /\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\(|\bgetRandomValues\(/;

const exceptions: Readonly<Record<string, string>> = {
  "packages/clock/src/machine.ts": "the port itself",
  "packages/clock/src/random-ids.ts": "the port itself",
  "platforms/aws/src/runtime/adapters/clock.ts": "the port itself, on Lambda",
  "apps/ui/src/clock.ts": "the port itself, in the apps",
  "apps/ui/src/random.ts": "the port itself, in the apps",
  "apps/ui/src/http.ts": "ends a call that hangs, in the browser",
  "platforms/local/src/aws/turns.ts": "measures how long the loop itself was busy",
  "packages/topics/src/spare-turns.ts": "measures how long the loop itself was busy",
  "packages/store/src/folder-lock.ts": "tells people since when a folder is held; nothing is decided by it",
  "platforms/local/src/robots/api.ts": "ends a robot's call that hangs",
  "platforms/aws/src/constructs/edge-code.ts": "the text of a function at the edge",
  "platforms/aws/smoke/api.ts": "an operator's check of a real account",
  "platforms/aws/smoke/live.ts": "an operator's check of a real account",
  "platforms/aws/smoke/order.ts": "an operator's check of a real account",
  "platforms/aws/tools/deploy.ts": "an operator's command: draws the first password",
};

test("no other source has time or chance of its own, and every exception is needed", () => {
  expect(sources.length).toBeGreaterThan(400);
  const found = sources.filter((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return [time, modules, chance].some((pattern) => pattern.test(text.replace(/^\s*(?:\*|\/\/).*$|\/\*\*.*\*\/$/gm, "")));
  });
  expect(found.map((file) => file.replaceAll("\\", "/")).sort()).toEqual(Object.keys(exceptions).sort());
});
