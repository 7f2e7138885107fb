import { defineCommand } from "../command.ts";

/** `npm run pack`. */
export const pack = defineCommand({
  name: "pack",
  call: "npm run pack --",
  sentence: "Writes the packages of a release into dist/, each as a folder and as a tarball, and prints their sizes.",
  settings: {},
});
