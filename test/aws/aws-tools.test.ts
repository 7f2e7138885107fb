/** `docs/aws-tools.md`, run as it is written: by the AWS CLI where it is installed, its program by the SDK. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { cliMissing, startCli } from "../support/aws-cli.ts";
import { readChapter, runWith } from "../support/chapter.ts";
import { notRun } from "../support/not-run.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");
const { blocks } = readChapter("docs/aws-tools.md");

const folder = temporaryFolder();
const work = join(folder.path, "work");
let server: Server;
beforeAll(async () => {
  mkdirSync(work);
  server = await startServer({ dataFolder: join(folder.path, "data") });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test.skipIf(cliMissing !== undefined)(
  `every command of the chapter${notRun(cliMissing)}`,
  async () => {
    const cli = await startCli(server);
    onTestFinished(cli.stop);
    const script = cli.prelude + blocks("bash").join("\n");
    const { code, out, err } = await runWith(server, work, "bash", ["-xeuo", "pipefail", "-c", script], work);
    expect(code, `${err.slice(-3_000)}\n${out.slice(-3_000)}`).toBe(0);
    const shown = out.replace(/\s+/g, " ");
    for (const piece of [
      '"Arn": "arn:aws:iam::123456789012:user/operator"',
      "2 TaskStateEntered",
      'SUCCEEDED {"paid":true}',
      "ABORTED SUCCEEDED",
      'SUCCEEDED {"paid":"later"} 1 NOT_REDRIVABLE',
      "stateMachine:MyFirstWorkflow:1 arn:aws:states:us-east-1:123456789012:stateMachine:MyFirstWorkflow:live",
      '"Result": true',
      '"detail":{"size":3}',
      '"replay-name":"my-replay"',
      "COMPLETED",
      "LargeDrinks",
      "my-order",
      "mine 42",
      '"ApproximateNumberOfMessages": "1"',
      "/aws/events/serverlesspressoEventBus",
      '"MetricName": "Cups"',
      '"Sum": 3',
      "GetConfig",
      '"StatusCode": 200',
      "Bearer",
      "(UnrecognizedClientException)",
    ]) {
      expect(shown).toContain(piece);
    }
  },
  240_000,
);

test("the chapter's program", async () => {
  const exports = (blocks("bash")[0] ?? "").split("\n").filter((line) => line.startsWith("export "));
  const [program = ""] = blocks("js");
  const { code, out, err } = await runWith(
    server,
    work,
    "bash",
    ["-euc", `${exports.join("\n")}\n"$0" --input-type=module -e "$1"`, process.execPath, program],
    root,
  );
  expect(code, err).toBe(0);
  expect(out).toContain("OrderProcessorWorkflow");
});
