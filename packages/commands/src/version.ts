import manifest from "../package.json" with { type: "json" };

/** The release this is, as `--version` prints it. */
export const version: string = manifest.version;
