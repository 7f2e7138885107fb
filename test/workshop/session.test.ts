/** `docs/workshop.md`, run as it is written by the AWS CLI where it is installed; `steps.test.ts` walks the same steps by the SDK. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasCli, readChapter, runWith } from "../support/chapter.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");
const { blocks, commands } = readChapter("docs/workshop.md");
if (!hasCli) console.log("The AWS CLI is not on PATH: the commands of docs/workshop.md do not run here, only the same steps by the SDK.");

const folder = temporaryFolder();
let server: Server;
beforeAll(async () => {
  const clockRate = Number(/--clock-rate (\d+)/.exec(blocks("sh")[0] ?? "")?.[1]);
  server = await startServer({ dataFolder: join(folder.path, "data"), clockRate });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const mark = "@ end of block @";
const words = (text: string): string => text.trim().replace(/\s+/g, " ");

test.skipIf(!hasCli)(
  "every block of the session shows what the text below it says",
  async () => {
    const script = commands.map((block) => `${block.script}\necho "${mark}"`).join("\n");
    const { code, out, err } = await runWith(server, folder.path, "bash", ["-xeuo", "pipefail", "-c", script], root);
    expect(code, `${err.slice(-2_000)}\n${out.slice(-2_000)}`).toBe(0);
    const shown = out.split(mark).slice(0, -1).map(words);
    expect(shown).toEqual(commands.map(({ shows }) => words(shows ?? "")));
  },
  900_000,
);
