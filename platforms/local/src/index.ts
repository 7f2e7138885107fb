export { type Platform, startPlatform } from "./platform.ts";
export type { PlatformOptions } from "./start/options.ts";
