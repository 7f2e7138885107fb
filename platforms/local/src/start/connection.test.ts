import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAddress } from "./address.ts";
import { createConnection } from "./connection.ts";
import { createReporting } from "./report.ts";

test("P5. what is called before it is connected says so", () => {
  const connection = createConnection<{ readonly log: () => void }>("functions");
  const error = {
    name: "ConnectionError",
    code: "NotConnected",
    message: '"functions" was called before it was connected to what it calls',
  };
  expect(() => connection.calls()).toThrow(expect.objectContaining(error));
});

test("P5. an engine is connected once", () => {
  const connection = createConnection<number>("bus");
  connection.connect(1);
  expect(connection.calls()).toBe(1);
  expect(() => connection.connect(2)).toThrow(expect.objectContaining({ code: "AlreadyConnected" }));
  expect(connection.calls()).toBe(1);
});

test("P4. nothing that was handed on is filled later", () => {
  const src = join(import.meta.dirname, "..");
  const sources = globSync("**/*.ts", { cwd: src }).filter((file) => !file.endsWith(".test.ts"));
  expect(sources.length).toBeGreaterThan(50);
  // What is made on the spot, `{}` or a `new` error, has no other holder yet.
  const filled = sources.filter((file) => /Object\.assign\((?!\{\}|new )/.test(readFileSync(join(src, file), "utf8")));
  expect(filled).toEqual([]);
});

test("an address that was asked for is known before the server listens, a free one after", () => {
  const place = { host: "0.0.0.0", isSecure: true };
  expect(createAddress({ ...place, port: 8443 }).origin()).toBe("https://127.0.0.1:8443");
  const free = createAddress({ ...place, port: 0 });
  expect(() => free.origin()).toThrow(expect.objectContaining({ code: "NotConnected" }));
  free.connect({ port: 50_001 });
  expect(free.origin()).toBe("https://127.0.0.1:50001");
});

test("what goes wrong before there is a log is told, later it is logged too", () => {
  const [told, logged]: [string[], string[]] = [[], []];
  const { report, connect } = createReporting((_, what) => void told.push(what));
  report(new Error("early"), "the clock");
  connect({ append: (group, line) => void logged.push(`${group} ${line}`) });
  report("late", "disk space");
  expect(told).toEqual(["the clock", "disk space"]);
  expect(logged).toEqual(["/serverlesspresso/errors disk space: late"]);
});
