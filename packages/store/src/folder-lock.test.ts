import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const child = join(import.meta.dirname, "folder-lock.child.ts");
let place: string;
let folder: string;
let holder: ChildProcess;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), "lock-"));
  folder = join(place, "data");
  holder = spawn(process.execPath, [child, folder], { stdio: ["pipe", "pipe", "inherit"] });
  expect(await firstLine(holder)).toBe(`open ${holder.pid}`);
});
afterEach(async () => {
  await end(holder, "SIGKILL");
  rmSync(place, { recursive: true, force: true });
});

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  const [chunk] = await once(stdout as NodeJS.ReadableStream, "data");
  return String(chunk).trim();
}

async function end(process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  process.kill(signal);
  await once(process, "exit");
}

/** What a second process says at `path`, within `mounts` made in a mount namespace of its own. */
function open(path: string, mounts = ""): string {
  const command =
    mounts === ""
      ? [process.execPath, child, path]
      : ["unshare", "-m", "sh", "-c", `${mounts} && exec "$0" "$@"`, process.execPath, child, path];
  return spawnSync(command[0] as string, command.slice(1), { encoding: "utf8", input: "", timeout: 60_000 }).stdout.trim();
}

function refusal(path: string): unknown {
  const who = `process ${holder.pid} on ${hostname()} since ${new Date().getFullYear()}`;
  return expect.stringContaining(`InUse: data folder "${path}" is in use by ${who}`);
}

test("L1, L4: a second process is refused by the holder's name, by whatever path it comes", () => {
  const link = join(place, "link");
  symlinkSync(folder, link);
  expect(open(folder)).toEqual(refusal(folder));
  expect(open(link)).toEqual(refusal(folder));
});

const mayMount = spawnSync("unshare", ["-m", "mount", "--bind", tmpdir(), tmpdir()]).status === 0;
const suffix = mayMount ? "" : " (not run: this user may not mount a disk)";
test.skipIf(!mayMount)(`L1: a second mount of the folder is the same folder${suffix}`, () => {
  const mounted = join(place, "mounted");
  mkdirSync(mounted);
  expect(open(mounted, `mount --bind "${folder}" "${mounted}"`)).toEqual(refusal(mounted));
});

test("L2: a killed holder is no obstacle, and what it left of its name misleads nobody", async () => {
  await end(holder, "SIGKILL");
  expect(open(folder)).toMatch(/^open /);
  expect(() => readFileSync(join(folder, "lock-holder.json"))).toThrow("ENOENT");
});

test("L4: a holder whose name cannot be read refuses all the same", () => {
  writeFileSync(join(folder, "lock-holder.json"), "{");
  expect(open(folder)).toMatch(/is in use by another process; stop that one first/);
});

test("L3: a process that writes the store holds its folder, whatever files of the lock are removed", async () => {
  rmSync(join(folder, "lock"));
  expect(open(folder)).toEqual(refusal(folder));
  expect(open(folder)).toMatch(/Its file "lock" was removed while it ran$/);
  for (const name of ["lock", "lock-holder.json", "store.mdb-lock", "store.mdb-witness"]) rmSync(join(folder, name));
  expect(open(folder)).toContain(`in use by process ${holder.pid};`);
  await end(holder, "SIGKILL");
  expect(open(folder)).toMatch(/^open /);
});

test("a folder that cannot be made is refused in words", () => {
  expect(open("/proc/none/data")).toMatch(/^Unreadable: data folder "\/proc\/none\/data": .*; expected a folder this user can read/);
});

test("RELIABILITY 14: lock and name are their owner's alone", () => {
  for (const name of ["lock", "lock-holder.json"]) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});
