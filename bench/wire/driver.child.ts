/** `SETTINGS`, a JSON text: drives the lifecycles of each level and prints what came of it, one JSON text. */
import { readFileSync } from "node:fs";
import type { Driven, DriverSettings } from "./driver.ts";
import { driveLifecycles, setUp } from "./lifecycle.ts";
import { createSignedClient, type SignedClient } from "./signed-client.ts";

const { levels, seconds, pid, ...settings } = JSON.parse(process.argv[2] as string) as DriverSettings;
const plain = createSignedClient(settings);
let calls = 0;
const client: SignedClient = {
  ...plain,
  call(...call) {
    calls += 1;
    return plain.call(...call);
  },
};

/** User and system time of the server, in ms: the kernel counts in hundredths of a second. */
function processorMs(): number {
  const [, text = ""] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
  const fields = text.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const queueUrl = await setUp(client);
await driveLifecycles(client, queueUrl, 32, seconds / 2);
const driven: Driven[] = [];
for (const level of levels) {
  const [callsBefore, msBefore] = [calls, processorMs()];
  const measured = await driveLifecycles(client, queueUrl, level, seconds);
  const [called, ms] = [calls - callsBefore, processorMs() - msBefore];
  driven.push({ ...measured, msPerCall: ms / called, msPerLifecycle: ms / measured.latencies.length });
}
client.close();
process.stdout.write(JSON.stringify(driven));
