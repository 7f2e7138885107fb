/**
 * The process on a machine whose clock is set (local.C1 to C3), by libfaketime.
 * Where that is not installed (Debian: `apt install libfaketime`; elsewhere LIBFAKETIME names the library) this file is skipped;
 * `shop-clock.test.ts` holds the same with a machine given to the shop.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, type Person, signInAdmin, signInGuest } from "../support/api.ts";
import { notRun } from "../support/not-run.ts";
import { freePort, type Server, startServer, temporaryFolder } from "../support/server.ts";

const libraries = [
  process.env.LIBFAKETIME ?? "",
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/lib64/faketime/libfaketimeMT.so.1",
  "/usr/lib/faketime/libfaketimeMT.so.1",
];
const library = libraries.find((path) => path !== "" && existsSync(path));
const missing = library === undefined ? "libfaketime is not installed (LIBFAKETIME)" : undefined;

const folder = temporaryFolder();
const offsetFile = join(folder.path, "offset");
const port = await freePort();
let server: Server;

function start(): Promise<Server> {
  return startServer({
    dataFolder: join(folder.path, "data"),
    port,
    environment: {
      LD_PRELOAD: library ?? "",
      FAKETIME_TIMESTAMP_FILE: offsetFile,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
  });
}
const setClock = (offset: string): void => writeFileSync(offsetFile, offset);

beforeAll(async () => {
  if (library === undefined) return;
  setClock("+0");
  server = await start();
});
afterAll(async () => {
  await server?.kill();
  folder.remove();
});

async function scan(admin: Person, name: string): Promise<{ guest: Person; orderId: string }> {
  const guest = await signInGuest(server.url, name);
  const { code } = (await admin.call<{ code: string }>("GET", "/qr-code")).body;
  return { guest, orderId: (await guest.scan(code)).body.orderId };
}
const timedOut = ({ guest, orderId }: { guest: Person; orderId: string }): Promise<unknown> =>
  eventually(`the end of ${orderId}`, async () => (await guest.order(orderId)).orderState === "TIMEDOUT");

test.skipIf(library === undefined)(
  `an order's deadline of three seconds is three seconds, whatever the machine's clock is set to${notRun(missing)}`,
  async () => {
    const admin = await signInAdmin(server.url);
    expect((await admin.call("PUT", "/config", { customerTimeoutSeconds: 3 })).status).toBe(200);
    const first = await scan(admin, "Ada");
    setClock("-1h");
    await timedOut(first);
    expect(server.output()).toMatch(/the machine's clock: it was set back by (1 h|59 min)/);

    const second = await scan(admin, "Ben");
    await server.kill();
    setClock("-25h");
    server = await start();
    expect(server.output()).toMatch(/Shop time {6}1 day( 1 h)? ahead of this machine's clock/);
    await timedOut(second);
    setClock("+2h");
    await eventually("the step", async () => /the machine's clock: it went forward by 1 day 3 h/.test(server.output()));
  },
);
