/** `POST /backup`: an operator makes a backup of the bar. It stays on the bar's computer, because it holds the keys. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "@serverlesspresso/blueprint/edge/refusal.ts";
import type { RouteResponse } from "@serverlesspresso/ports";
import { keptFolders } from "@serverlesspresso/store";
import { isDataFolderError } from "../data-folder.ts";
import type { Route, RouteLimit } from "../http/route.ts";
import { makeBackup } from "./backup.ts";

/** The newest of those made by this route that are kept. */
const keptBackups = 10;
const pattern = /^serverlesspresso-.*\.tar$/;
const backups: RouteLimit = { name: "backup", per: "user", burst: 5, perMinute: 5 };

/** Whose backup is made: the running bar's folder. */
export interface BackupRouteOptions {
  readonly dataFolder: string;
  /** Real time: it names the file. */
  readonly nowMs: () => number;
}

/** Calls that come while a backup is made are answered with that one. */
export function createBackupRoute({ dataFolder, nowMs }: BackupRouteOptions): Route {
  const folder = join(dataFolder, keptFolders.backups);
  let underWay: Promise<RouteResponse> | undefined;

  async function make(): Promise<RouteResponse> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = `serverlesspresso-${new Date(nowMs()).toISOString().replaceAll(":", "-")}.tar`;
    const { values } = await makeBackup({ dataFolder, file: join(folder, name), nowMs: nowMs() }).catch(refuseDamaged);
    const made = readdirSync(folder).filter((file) => pattern.test(file));
    for (const old of made.sort().slice(0, -keptBackups)) rmSync(join(folder, old));
    return { statusCode: 201, body: { file: `${keptFolders.backups}/${name}`, values } };
  }

  return {
    method: "POST",
    path: "/backup",
    who: "operator",
    limit: backups,
    needsRoom: true,
    handle: () =>
      (underWay ??= make().finally(() => {
        underWay = undefined;
      })),
  };
}

/** The bar goes on; an operator has to decide about the damage. */
function refuseDamaged(error: unknown): never {
  if (!isDataFolderError(error)) throw error;
  throw new Refusal(
    "unavailable",
    "The data folder holds something that is not what was written. Run npm run backup at the shop's computer, which says what.",
  );
}
