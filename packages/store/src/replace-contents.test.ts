import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { finishReplacing, replaceContents } from "./replace-contents.ts";

/** How many changes of the folder still come through before the process ends. */
let left = Number.POSITIVE_INFINITY;
class Killed extends Error {}
vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  const counted =
    <A extends unknown[], R>(change: (...args: A) => R) =>
    (...args: A): R => {
      if (left-- <= 0) throw new Killed();
      return change(...args);
    };
  return {
    ...real,
    renameSync: counted(real.renameSync),
    rmSync: counted(real.rmSync),
    rmdirSync: counted(real.rmdirSync),
    mkdirSync: counted(real.mkdirSync),
  };
});

let folder: string;
beforeEach(() => void (folder = fs.mkdtempSync(join(tmpdir(), "contents-"))));
afterEach(() => {
  left = Number.POSITIVE_INFINITY;
  fs.rmSync(folder, { recursive: true });
});

const old = ["store.mdb", "store.mdb-lock", "aws-credentials"];
const fresh = ["store.mdb", "aws-credentials", "notes"];

function fill(): void {
  for (const name of [...old, "lock"]) fs.writeFileSync(join(folder, name), "old");
  fs.mkdirSync(join(folder, "backups"));
  fs.mkdirSync(join(folder, "incoming-1"));
  for (const name of fresh) fs.writeFileSync(join(folder, "incoming-1", name), "new");
}
const read = (...path: string[]): Record<string, string> =>
  Object.fromEntries(
    fs
      .readdirSync(join(folder, ...path), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "lock")
      .map(({ name }) => [name, fs.readFileSync(join(folder, ...path, name), "utf8")]),
  );
const all = (names: readonly string[], text: string): Record<string, string> => Object.fromEntries(names.map((name) => [name, text]));

test("C1, C2: a process that ends at any change leaves the old, or what the next one makes the new", () => {
  const outcomes: string[] = [];
  for (let changes = 0; ; changes++) {
    fill();
    left = changes;
    let isKilled = false;
    try {
      replaceContents(folder, "incoming-1", "replaced-1");
    } catch (error) {
      expect(error).toBeInstanceOf(Killed);
      isKilled = true;
    }
    left = Number.POSITIVE_INFINITY;
    finishReplacing(folder);
    const { "replacing.json.unfinished": _, ...contents } = read();
    const isNew = contents["store.mdb"] === "new";
    expect(contents).toEqual(isNew ? all(fresh, "new") : all(old, "old"));
    if (isNew) expect(read("replaced-1")).toEqual(all(old, "old"));
    expect(fs.existsSync(join(folder, "backups"))).toBe(true);
    outcomes.push(isNew ? "new" : "old");
    if (!isKilled) break;
    for (const name of fs.readdirSync(folder)) fs.rmSync(join(folder, name), { recursive: true });
  }
  expect(outcomes[0]).toBe("old");
  expect(outcomes.filter((outcome) => outcome === "new").length).toBeGreaterThan(8);
});
