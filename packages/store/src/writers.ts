/** Which processes have a file open to write it, as Linux lists them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Of a file's flags, those that tell how it was opened; 0 is to read alone. */
const accessMode = 0b11;
/** A child does not inherit a descriptor with this flag. LMDB opens one of a writer's two without it: a child's copy would outlive the writer. */
const closeOnExec = 0o2000000;

/** The first process but this one that may write the file at `path`, of those this process may look at; undefined elsewhere than on Linux. */
export function writerOf(path: string): number | undefined {
  const inode = identityOf(path);
  if (inode === undefined || process.platform !== "linux") return undefined;
  const others = list("/proc").filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const writer = others.find((pid) =>
    list(`/proc/${pid}/fd`).some((fd) => identityOf(`/proc/${pid}/fd/${fd}`) === inode && isToWrite(pid, fd)),
  );
  return writer === undefined ? undefined : Number(writer);
}

/** Device and inode, so that it is the same by whatever path. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function isToWrite(pid: string, fd: string): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(join("/proc", pid, "fdinfo", fd), "utf8"))?.[1] ?? "0";
    const bits = Number.parseInt(flags, 8);
    return (bits & accessMode) !== 0 && (bits & closeOnExec) !== 0;
  } catch {
    return false;
  }
}

/** What ended meanwhile, or is another user's, has nothing. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
