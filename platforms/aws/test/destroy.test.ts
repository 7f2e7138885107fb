/** What `npm run destroy` lists, deletes and leaves, in a fake account. */
import { blueprint, blueprintOf } from "@serverlesspresso/blueprint";
import { namesOf } from "@serverlesspresso/contract";
import { services } from "@serverlesspresso/services";
import { beforeEach, expect, test } from "vitest";
import { stackNamesOf } from "../src/stack-names.ts";
import { isNothing, printHoldings, readHoldings } from "../tools/cloud/holdings.ts";
import { tearDown } from "../tools/cloud/tear-down.ts";
import { createFakeAccount, type FakeAccount } from "./fake-account.ts";

const foreignTable = "somebody-elses-table";
const stackNames = stackNamesOf(blueprint.names);
let account: FakeAccount;

beforeEach(() => {
  account = createFakeAccount();
  for (const name of Object.values(stackNames)) account.stacks.set(name, { isProtected: name === stackNames.data });
  for (const { name } of blueprint.tables) account.tables.set(name, { isProtected: true });
  account.tables.set(foreignTable, { isProtected: false });
  account.userPools.set("pool-1", { name: "ServerlesspressoUserPool", isProtected: true });
  account.userPools.set("pool-2", { name: "Others", isProtected: false });
  for (const name of ["/aws/lambda/SpendToken", "/aws/lambda/Serverlesspresso-Data-AWS679", "/aws/lambda/Others"])
    account.logGroups.add(name);
});

const destroy = async (extent: "keep" | "everything"): Promise<string[]> => {
  const lines: string[] = [];
  await tearDown(account.clients, await readHoldings(account.clients), extent, (line) => lines.push(line));
  return lines;
};

test("it names what holds data, and nothing of anybody else's", async () => {
  const text = printHoldings(await readHoldings(account.clients));
  for (const name of ["serverlesspresso-order-table", "ServerlesspressoUserPool (pool-1)", "/aws/lambda/SpendToken"])
    expect(text).toContain(name);
  for (const name of [foreignTable, "pool-2", "/aws/lambda/Others"]) expect(text).not.toContain(name);
});

test("keep: what runs goes, the data stays where it is, protected", async () => {
  await destroy("keep");
  expect([...account.stacks.keys()]).toEqual([stackNames.data]);
  expect(account.tables.get("serverlesspresso-order-table")).toEqual({ isProtected: true });
  expect(account.userPools.get("pool-1")).toEqual({ name: "ServerlesspressoUserPool", isProtected: true });
  expect(isNothing(await readHoldings(account.clients))).toBe(false);
});

test("everything: nothing is left, and nothing of anybody else's is touched", async () => {
  await destroy("everything");
  expect(isNothing(await readHoldings(account.clients))).toBe(true);
  expect([...account.tables.keys()]).toEqual([foreignTable]);
  expect([...account.userPools.keys()]).toEqual(["pool-2"]);
  expect([...account.logGroups]).toEqual(["/aws/lambda/Others"]);
  expect(account.calls.indexOf("DeleteStack")).toBeLessThan(account.calls.indexOf("DeleteTable"));
});

test("another bar in the account is listed and deleted alone", async () => {
  const other = blueprintOf(services, namesOf("annexe"));
  for (const name of Object.values(stackNamesOf(other.names))) account.stacks.set(name, { isProtected: false });
  account.tables.set("annexe-order-table", { isProtected: true });
  account.userPools.set("pool-3", { name: "annexeUserPool", isProtected: true });
  for (const name of ["/aws/lambda/annexe-SpendToken", "/aws/lambda/annexe-Data-AWS679"]) account.logGroups.add(name);
  const holdings = await readHoldings(account.clients, other);
  expect(holdings).toMatchObject({
    stacks: ["annexe-Data", "annexe-Services", "annexe-Website"],
    tables: ["annexe-order-table"],
    userPools: [{ id: "pool-3", name: "annexeUserPool" }],
    logGroups: ["/aws/lambda/annexe-SpendToken", "/aws/lambda/annexe-Data-AWS679"],
  });
  const before = await readHoldings(account.clients);
  await tearDown(account.clients, holdings, "everything", () => {}, other);
  expect(isNothing(await readHoldings(account.clients, other))).toBe(true);
  expect(await readHoldings(account.clients)).toEqual(before);
});

test("a second try finds the work half done, and ends it", async () => {
  const seen = await readHoldings(account.clients);
  account.tables.delete("serverlesspresso-order-table");
  account.userPools.delete("pool-1");
  account.logGroups.delete("/aws/lambda/SpendToken");
  await tearDown(account.clients, seen, "everything", () => {});
  expect(isNothing(await readHoldings(account.clients))).toBe(true);
});

test("a bucket that outlived its stack is told", async () => {
  account.tagged
    .add("arn:aws:s3:::serverlesspresso-website-apps")
    .add("arn:aws:dynamodb:us-east-1:123456789012:table/serverlesspresso-order-table");
  await destroy("everything");
  const left = await readHoldings(account.clients);
  expect(printHoldings(left)).toBe("  others      arn:aws:s3:::serverlesspresso-website-apps");
});
