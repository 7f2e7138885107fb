/**
 * `docs/workshop.md`, run as it is written by the AWS CLI where it is installed; `steps.test.ts` walks the same steps by the SDK.
 * The shop's clock stands still while a command runs, however slow the machine; each `sleep` of the session is a minute of the shop.
 */
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { cliMissing, startCli } from "../support/aws-cli.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { readChapter, runWith } from "../support/chapter.ts";
import { notRun } from "../support/not-run.ts";
import { temporaryFolder } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");
const { commands } = readChapter("docs/workshop.md");

const home = temporaryFolder();
let bar: Bar;
/** A client that connects waits a minute of the shop. */
const naps = createServer((socket) => void bar.clock.advance(60_000).then(() => socket.end("\n")));
beforeAll(async () => {
  bar = await openBar();
  await new Promise<void>((resolve) => naps.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  naps.close();
  await bar.close();
  home.remove();
});

const mark = "@ end of block @";
const words = (text: string): string => text.trim().replace(/\s+/g, " ");

test.skipIf(cliMissing !== undefined)(
  `every block of the session shows what the text below it says${notRun(cliMissing)}`,
  async () => {
    const cli = await startCli(bar);
    onTestFinished(cli.stop);
    const { port } = naps.address() as AddressInfo;
    const sleep = `sleep() { exec 3<>/dev/tcp/127.0.0.1/${port}; read -r _ <&3; exec 3>&-; }`;
    const script = [cli.prelude, sleep, ...commands.map((block) => `${block.script}\necho "${mark}"`)].join("\n");
    const { code, out, err } = await runWith(bar, home.path, "bash", ["-xeuo", "pipefail", "-c", script], root);
    expect(code, `${err.slice(-2_000)}\n${out.slice(-2_000)}`).toBe(0);
    const shown = out.split(mark).slice(0, -1).map(words);
    expect(shown).toEqual(commands.map(({ shows }) => words(shows ?? "")));
  },
  900_000,
);
