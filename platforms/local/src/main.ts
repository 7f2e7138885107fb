/** The process: settings in, a shop out, and an orderly end. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { blueprintOf } from "@serverlesspresso/blueprint";
import { createSystemClock } from "@serverlesspresso/clock";
import { demo, runCommand, start } from "@serverlesspresso/commands";
import { IdentityError } from "@serverlesspresso/identity";
import { services } from "@serverlesspresso/services";
import { isDiskFull, StoreError } from "@serverlesspresso/store";
import { isDataFolderError } from "./data-folder.ts";
import { describeStart } from "./describe-start.ts";
import { oneLine } from "./one-line.ts";
import { OtherBarError } from "./other-bar.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { type Robots, startRobots } from "./robots/index.ts";
import { type Settings, settingsOf } from "./settings.ts";

/** After so long a stop is cut short; what is not done lies in the store for the next start. */
const longestStopMs = 4_500;
const realClock = createSystemClock();

class StartError extends Error {
  override readonly name = "StartError";
}

async function main(settings: Settings): Promise<void> {
  const platform = await open(settings);
  process.stdout.write(describeStart(platform, settings));
  const robots = settings.robots > 0 ? play(platform, settings.robots) : undefined;
  stopAtSignals(platform, robots);
}

async function open(settings: Settings): Promise<Platform> {
  // A shop without room for its first flush would say that it is open, and end.
  if (isDiskFull(settings.dataFolder)) throw diskFull(settings);
  const { tlsCert, tlsKey, names, ...others } = settings;
  const tls =
    tlsCert === undefined || tlsKey === undefined ? undefined : { cert: readPem("--tls-cert", tlsCert), key: readPem("--tls-key", tlsKey) };
  try {
    return await startPlatform({
      ...others,
      blueprint: blueprintOf(services, names),
      tls,
      onFailure(error) {
        console.error(`\n${error.message}\nThe shop stops.`);
        // Open requests get their answer first.
        realClock.at(realClock.nowMs() + 200, () => process.exit(1));
      },
      onMigration: (line) => console.log(line),
      onError: tell,
    });
  } catch (error) {
    throw explain(error, settings);
  }
}

/** An error may quote the client that caused it. A failed store has been reported by then. */
function tell(error: unknown, what: string): void {
  if (error instanceof StoreError && error.code === "Failed") return;
  console.error(oneLine(`${what}: ${error instanceof Error ? error.message : String(error)}`));
}

function readPem(flag: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new StartError(`${flag} is "${path}", expected a file in PEM that can be read: ${(error as Error).message}`);
  }
}

/** What can go wrong outside of us, in a sentence; anything else keeps its stack. */
function explain(error: unknown, { host, port, dataFolder }: Settings): unknown {
  const { code = "", message, syscall } = error as NodeJS.ErrnoException;
  if (isDataFolderError(error) || error instanceof OtherBarError) return new StartError(message);
  if (error instanceof IdentityError) return new StartError(`ADMIN_EMAIL and ADMIN_PASSWORD: ${message}`);
  if (code.startsWith("ERR_OSSL")) {
    return new StartError(`--tls-cert and --tls-key: ${message}; expected a certificate and its own key in PEM`);
  }
  switch (code) {
    case "EADDRINUSE":
      return new StartError(`--port ${port}: another program listens there on ${host}; stop it or choose another --port`);
    case "EACCES":
      if (syscall !== "listen") break;
      return new StartError(`--port ${port}: this user may not listen there; choose one above 1023`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new StartError(`--host ${host}: this machine has no such address; 127.0.0.1 serves this machine, 0.0.0.0 the whole network`);
    case "ENOSPC":
      return diskFull({ dataFolder });
  }
  if (syscall === undefined) return error;
  return new StartError(`the bar does not start on data folder "${resolve(dataFolder)}" and --host ${host}: ${message}`);
}

function diskFull({ dataFolder }: Pick<Settings, "dataFolder">): StartError {
  return new StartError(`data folder "${resolve(dataFolder)}": the disk is full`);
}

function play({ url, clock, ids, identities }: Platform, count: number): Robots {
  return startRobots({
    url,
    count,
    clock,
    ids,
    staffToken: identities.staffToken,
    onError: tell,
  });
}

/** The first signal ends in order. A terminal's Ctrl-C may come twice at once, by way of npm; only one given later cuts it short. */
function stopAtSignals(platform: Platform, robots: Robots | undefined): void {
  let firstMs: number | undefined;
  const onSignal = (signal: string): void => {
    if (firstMs === undefined) {
      firstMs = realClock.nowMs();
      void end(platform, robots, signal);
    } else if (realClock.nowMs() - firstMs > 1000) process.exit(130);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, onSignal);
}

async function end(platform: Platform, robots: Robots | undefined, signal: string): Promise<void> {
  console.log(`\n${signal}: finishing what runs ...`);
  realClock.at(realClock.nowMs() + longestStopMs, () => {
    console.log("Stopped; what was not finished goes on at the next start.");
    process.exit(0);
  });
  await Promise.all([robots?.stop(), platform.stop()]);
  console.log("Stopped.");
  process.exit(0);
}

const [first, ...others] = process.argv.slice(2);
const isDemo = first === demo.name;
const surroundings = isDemo ? { args: others } : {};
runCommand(isDemo ? demo : start, (call) => main(settingsOf(call)), surroundings).catch((error: unknown) => {
  if (error instanceof StartError) console.error(error.message);
  else console.error(error);
  process.exit(1);
});
