import { createHash } from "node:crypto";
import { accessSync, chmodSync, constants, mkdirSync, realpathSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoreError } from "./errors.ts";

/** Makes the data folder where it is missing, readable by its owner alone, and proves that it can be written. */
export function prepareFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(folder, 0o700);
    return realpathSync(folder);
  } catch (cause) {
    throw new StoreError(
      "Unreadable",
      `data folder "${folder}": ${(cause as Error).message}; expected a folder this user can read and write`,
      {
        cause,
      },
    );
  }
}

/**
 * Takes the folder for this process. The lock is a listening local socket named after the folder, so the operating
 * system drops it with its holder, however that ends, and none is ever stale.
 * @throws {StoreError} `InUse`
 */
export function lockFolder(folder: string): Promise<() => Promise<void>> {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new StoreError("InUse", `data folder "${folder}" is in use by another process; stop that one first or choose another --data`, {
          cause,
        }),
      );
    });
    server.listen(lockAddress(name), () => resolve(() => closeServer(server)));
  });
}

function lockAddress(name: string): string {
  if (process.platform === "linux") return `\0serverlesspresso-${name}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\serverlesspresso-${name}`;
  return join(tmpdir(), `serverlesspresso-${name}.sock`);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
