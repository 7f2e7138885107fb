/** The client's side, in a process of its own: it shall cost the server nothing but its share of the machine. */
import { spawn } from "node:child_process";
import type { Measured } from "../measure.ts";
import type { ClientOptions } from "./signed-client.ts";

/** What is driven, and for how long. */
export interface DriverSettings extends ClientOptions {
  readonly levels: readonly number[];
  readonly seconds: number;
  /** The server's process. */
  readonly pid: number;
}

/** What came of a level; latencies are from a callback to the next token. The processor's time is the server's. */
export interface Driven extends Measured {
  readonly msPerCall: number;
  readonly msPerLifecycle: number;
}

const child = new URL("./driver.child.ts", import.meta.url).pathname;

/** Drives a server through the levels. @throws where the driver's process ends without an answer */
export async function drive(settings: DriverSettings): Promise<Driven[]> {
  const driver = spawn(process.execPath, [child, JSON.stringify(settings)], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  driver.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await new Promise((resolve) => driver.once("close", resolve));
  if (said === "") throw new Error("the driver ended without a word");
  return JSON.parse(said) as Driven[];
}
