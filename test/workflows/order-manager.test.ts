/** Journeys of OrderManagerStateMachine, its definition run with the mocks beside it by `npm run asl -- test`. */
import type { JsonObject } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import { asl, type CaseJson, walked } from "./asl.ts";

const words = [
  ...["test", "blueprint/workflows/order-manager.asl.json", "--mocks", "blueprint/workflows/MockConfigFile.json"],
  ...["--machine", "OrderManagerStateMachine", "--json"],
];
const order = { orderId: "1", nowMs: 1_767_225_660_000 };
const guest = { ...order, userId: "testuser", action: "", body: { drink: "Latte", modifiers: ["Oat"] } };
const bar = (action: string): JsonObject => ({ ...order, userId: "barista-1", isAdmin: true, action });

const read = "Read order > Look at the order";
const unnumbered = `${read} > Without a number`;
const numbered = `${read} > With its number`;
const check = `${unnumbered} > Read menu > Sanitize order`;
const resumed = "Store drink > Resume with the drink > Read result > Answer the guest";
const waits = (times: number): string => `${unnumbered} > Wait for the token > Count the try > Keep the tries > `.repeat(times);
const outrun = `${numbered} > Close as completed > Count the lost race > Keep the races > `;

test.each([
  { name: "UnknownOrder", input: guest, code: 404, path: "Place order > Read order > Order not found" },
  { name: "Placed", input: guest, code: 200, path: `Place order > ${check} > ${resumed}` },
  { name: "PlacedOnceTheTokenIsThere", input: guest, code: 200, seconds: 2, path: `Place order > ${waits(2)}${check} > ${resumed}` },
  { name: "TokenNeverComes", input: guest, code: 409, seconds: 3, path: `Place order > ${waits(3)}${unnumbered} > Order not ready` },
  {
    name: "PlacedAfterALostRace",
    input: guest,
    code: 200,
    path: `Place order > ${check} > Store drink > Count the lost race > Keep the races > ${check} > ${resumed}`,
  },
  { name: "PlacedWithABusyFunction", input: guest, code: 200, seconds: 0.5, path: `Place order > ${check} x2 > ${resumed}` },
  { name: "WrongDrink", input: guest, code: 422, path: `Place order > ${check} > Wrong order` },
  {
    name: "PlacedTooLate",
    input: guest,
    code: 409,
    path: `Place order > ${check} > Store drink > Resume with the drink > Take the drink back > Too late`,
  },
  {
    name: "Made",
    input: bar("make"),
    code: 200,
    path: `Make order > ${numbered} > Claim order > Emit - order being made > Mark as told > Read result > Answer the bar`,
  },
  {
    name: "PutBack",
    input: bar("unmake"),
    code: 200,
    path: `Unmake order > ${numbered} > Put order back > Emit - order put back > Mark as told > Read result > Answer the bar`,
  },
  {
    name: "Completed",
    input: bar("complete"),
    code: 200,
    path: `Complete order > ${numbered} > Close as completed > Resume as completed > Emit - order completed > Close the books > Read result > Answer the bar`,
  },
  {
    name: "CompletedTooLate",
    input: bar("complete"),
    code: 409,
    path: `Complete order > ${numbered} > Close as completed > Resume as completed > Undo the closing > Too late`,
  },
  { name: "CompletionOutrun", input: bar("complete"), code: 409, path: `Complete order > ${outrun.repeat(8)}Order is busy` },
  {
    name: "Cancelled",
    input: { ...guest, action: "cancel", body: { reason: "too long" } },
    code: 200,
    path: `Cancel order > Keep the reason > ${unnumbered} > Close as cancelled > Resume as cancelled > Emit - order cancelled > Close the books > Read result > Answer the guest`,
  },
  {
    name: "Announced",
    input: bar("announce"),
    code: 200,
    path: `Announce order > ${numbered} > Emit - order announced > Read result > Answer the bar`,
  },
])("$name", ({ name, input, code, path, seconds = 0 }) => {
  const { status, stdout, stderr } = asl([...words, "--case", name, "--input", JSON.stringify(input)]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const one = JSON.parse(stdout) as CaseJson;
  const { statusCode } = one.output as { readonly statusCode: number };
  expect({ statusCode, seconds: one.seconds, path: walked(one) }).toEqual({ statusCode: code, seconds, path });
});
