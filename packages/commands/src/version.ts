import { readFileSync } from "node:fs";

// The project's manifest, and in a release the release's own, which stands in the same place.
const manifest = new URL("../../../package.json", import.meta.url);

/** The release this is, as `--version` prints it. */
export const version: string = (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
