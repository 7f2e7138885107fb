import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Buckets, openBuckets } from "./buckets.ts";

const base = mkdtempSync(join(tmpdir(), "buckets-"));
const root = join(base, "buckets");
let buckets: Buckets;
let names = 0;
beforeAll(async () => {
  mkdirSync(join(root, "menu/deep"), { recursive: true });
  writeFileSync(join(base, "secret"), "not yours");
  writeFileSync(join(root, "menu/a.json"), "[1]");
  symlinkSync(join(base, "secret"), join(root, "menu/link"));
  symlinkSync(base, join(root, "menu/way-out"));
  symlinkSync(base, join(root, "linked-bucket"));
  buckets = await openBuckets(root, () => `draft-${names++}`);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

test("an object is put, read back and listed with those of its prefix, in order", async () => {
  await buckets.put("menu", "deep/er/b.json", "größer");
  await buckets.put("menu", "deep/er/b.json", "again");
  await buckets.put("menu", "deep-1", "x");
  expect((await buckets.get("menu", "deep/er/b.json", 100)).toString()).toBe("again");
  expect((await buckets.list("menu", "")).map(({ key }) => key)).toEqual(["a.json", "deep-1", "deep/er/b.json"]);
  expect((await buckets.list("menu", "deep/e")).map(({ key, size }) => [key, size])).toEqual([["deep/er/b.json", 5]]);
  expect(readdirSync(join(root, ".unfinished"))).toEqual([]);
  expect(statSync(join(root, "menu/deep-1")).mode & 0o777).toBe(0o600);
});

test.each([
  ["../secret"],
  ["deep/../../secret"],
  ["/etc/passwd"],
  ["deep//x"],
  ["."],
  ["x\u0000"],
  ["..\\secret"],
  ["x".repeat(2_000)],
  [""],
])("the key %j is refused", async (key) => {
  await expect(buckets.get("menu", key, 100)).rejects.toMatchObject({ code: "InvalidKey" });
  await expect(buckets.put("menu", key, "mine")).rejects.toMatchObject({ code: "InvalidKey" });
});

test.each([["link"], ["way-out/secret"], ["deep"], ["none"], ["a.json/x"]])("nothing is read through %s", async (key) => {
  await expect(buckets.get("menu", key, 100)).rejects.toMatchObject({ code: "NoSuchKey" });
});

test("nothing is written through a link, and no folder becomes a file", async () => {
  await expect(buckets.put("menu", "way-out/secret", "mine")).rejects.toMatchObject({ code: "InvalidKey" });
  await expect(buckets.put("menu", "deep", "mine")).rejects.toMatchObject({ code: "InvalidKey" });
  await buckets.put("menu", "link", "mine");
  expect(readFileSync(join(base, "secret"), "utf8")).toBe("not yours");
  expect((await buckets.get("menu", "link", 100)).toString()).toBe("mine");
});

test.each([
  { bucket: "none-such", code: "NoSuchBucket" },
  { bucket: "linked-bucket", code: "NoSuchBucket" },
  { bucket: "..", code: "InvalidBucketName" },
  { bucket: ".unfinished", code: "InvalidBucketName" },
  { bucket: "a/b", code: "InvalidBucketName" },
])("the bucket $bucket: $code", async ({ bucket, code }) => {
  await expect(buckets.get(bucket, "secret", 100)).rejects.toMatchObject({ code });
  await expect(buckets.list(bucket, "")).rejects.toMatchObject({ code });
  await expect(buckets.put(bucket, "secret", "")).rejects.toMatchObject({ code });
});

test("what is too large is not read", async () => {
  await expect(buckets.get("menu", "a.json", 2)).rejects.toMatchObject({ code: "EntityTooLarge" });
});
