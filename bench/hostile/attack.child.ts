/** `attack.child.ts NAME URL`: does that to the bar until it is ended. */
import { attacks } from "./attacks.ts";

const [name = "", url = ""] = process.argv.slice(2);
process.on("uncaughtException", () => {});
await attacks[name]?.(url);
