import type { Deps } from "../shared/deps.ts";
import { getConfig, putConfig, putMenu, putStore } from "./change-config.ts";
import { configChanged } from "./config-changed.ts";
import { endPause } from "./end-pause.ts";

/** The configuration of the shop. */
export function createConfig(deps: Deps) {
  return {
    GetConfig: getConfig(deps),
    PutStore: putStore(deps),
    PutConfig: putConfig(deps),
    PutMenu: putMenu(deps),
    ConfigChanged: configChanged(deps),
    EndPause: endPause(deps),
  };
}
