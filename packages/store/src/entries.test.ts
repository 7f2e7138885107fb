import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyStore, expectEntries, openStore, surveyStore } from "./index.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "entries-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const make = {
  "a folder": (path) => mkdirSync(path),
  "a FIFO": (path) => execFileSync("mkfifo", [path]),
  "a link to nothing": (path) => symlinkSync("nowhere", path),
} satisfies Record<string, (path: string) => void>;

test.each(
  (["a folder", "a FIFO"] as const).flatMap((kind) => ["store.mdb", "store.mdb-lock", "store.mdb-witness"].map((name) => ({ kind, name }))),
)("start, backup and survey refuse $kind in place of $name, in the same words", async ({ kind, name }) => {
  await (await openStore({ folder, onFailure: () => {} })).close();
  const path = join(folder, name);
  rmSync(path, { force: true });
  make[kind](path);
  const refused = {
    code: "Unreadable",
    message: `"${path}" is ${kind}, expected a file; move it away, or restore the data folder from a backup (npm run restore -- FILE)`,
  };
  await expect(openStore({ folder, onFailure: () => {} })).rejects.toMatchObject(refused);
  await expect(copyStore(folder, join(folder, "copy.mdb"))).rejects.toMatchObject(refused);
  await expect(surveyStore(folder)).rejects.toMatchObject(refused);
});

test("a socket and a link to nothing are named; a link to what is expected is that; what is not there is no fault", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, "socket"), resolve));
  expect(() => expectEntries(folder, { socket: "a file" })).toThrow(/socket" is a socket, expected a file;/);
  server.close();
  make["a link to nothing"](join(folder, "link"));
  expect(() => expectEntries(folder, { link: "a folder" })).toThrow(/link" is a link to nothing, expected a folder;/);
  mkdirSync(join(folder, "nowhere"));
  writeFileSync(join(folder, "file"), "");
  expectEntries(folder, { link: "a folder", file: "a file", none: "a file", "none/inside": "a file" });
});
