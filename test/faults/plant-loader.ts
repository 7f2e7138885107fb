/** For processes that tests start: `node --import plant-loader.ts`. */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { plantedSource } from "./planting.ts";

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith("file:") || !url.endsWith(".ts")) return loaded;
    const source = plantedSource(fileURLToPath(url), `${loaded.source}`);
    return source === undefined ? loaded : { ...loaded, source };
  },
});
