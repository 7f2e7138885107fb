/** Journeys of OrderManagerStateMachine, its definition run with the mocks beside it by `npm run asl -- test`. */
import type { JsonObject } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import { asl, type CaseJson, walked } from "./asl.ts";

const words = [
  ...["test", "blueprint/workflows/order-manager.asl.json", "--mocks", "blueprint/workflows/MockConfigFile.json"],
  ...["--machine", "OrderManagerStateMachine", "--json"],
];
const order = { orderId: "1", nowMs: 1_767_225_660_000, isAdmin: false };
const guest = { ...order, userId: "testuser", action: "", body: { drink: "Latte", modifiers: ["Oat"], name: "Ada" } };
const bar = (action: string): JsonObject => ({ ...order, userId: "barista-1", isAdmin: true, action, body: {} });

const check = "Read menu > Sanitize order";
const tried = `${check} > Store drink`;
const refused = (write: string): string => `${write} > Read order`;
const completed = "Emit - order completed > Close the books > Answer";
const cancelled = "Resume as cancelled > Emit - order cancelled > Close the books > Answer";

test.each([
  { name: "UnknownOrder", input: guest, code: 404, path: `${refused(tried)} > Refused` },
  { name: "Placed", input: guest, code: 200, path: `${tried} > Resume with the drink > Answer` },
  { name: "PlacedBeforeTheToken", input: guest, code: 200, path: `${tried} > Answer` },
  { name: "PlacedAndResumedByAnother", input: guest, code: 200, path: `${tried} > Resume with the drink > Answer` },
  {
    name: "PlacedAfterALostRace",
    input: guest,
    code: 200,
    path: `${refused(tried)} > Try again > ${tried} > Resume with the drink > Answer`,
  },
  { name: "PlacedAgain", input: guest, code: 200, path: `${refused(tried)} > Answer` },
  { name: "PlacedAgainAfterACrash", input: guest, code: 200, path: `${refused(tried)} > Resume with the drink > Answer` },
  { name: "PlacedAgainThoughSoldOut", input: guest, code: 200, path: `${check} > Read order > Answer` },
  {
    name: "PlacedWithABusyFunction",
    input: guest,
    code: 200,
    seconds: 0.5,
    path: `${check} x2 > Store drink > Resume with the drink > Answer`,
  },
  { name: "WrongDrink", input: guest, code: 422, path: `${check} > Read order > Wrong order` },
  { name: "Made", input: bar("make"), code: 200, path: "Claim order > Emit - order being made > Mark as told > Answer" },
  {
    name: "MadeAgainAfterACrash",
    input: bar("make"),
    code: 200,
    path: `${refused("Claim order")} > Emit - order being made > Mark as told > Answer`,
  },
  { name: "MadeByAnother", input: { ...bar("make"), userId: "barista-2" }, code: 409, path: `${refused("Claim order")} > Refused` },
  { name: "PutBack", input: bar("unmake"), code: 200, path: "Put order back > Emit - order put back > Mark as told > Answer" },
  { name: "Completed", input: bar("complete"), code: 200, path: `Complete order > Resume as completed > ${completed}` },
  { name: "CompletedBeforeTheToken", input: bar("complete"), code: 200, path: `Complete order > ${completed}` },
  {
    name: "CompletedAgainAfterACrash",
    input: bar("complete"),
    code: 200,
    path: `${refused("Complete order")} > Resume as completed > ${completed}`,
  },
  { name: "CompletedTooLate", input: bar("complete"), code: 409, path: `${refused("Complete order")} > Refused` },
  {
    name: "CompletionOutrun",
    input: bar("complete"),
    code: 409,
    path: `${`${refused("Complete order")} > Try again > `.repeat(8)}${refused("Complete order")} > Refused`,
  },
  {
    name: "Cancelled",
    input: { ...guest, action: "cancel", body: { reason: "too long" } },
    code: 200,
    path: `Cancel own order > ${cancelled}`,
  },
  { name: "CancelledByTheBar", input: bar("cancel"), code: 200, path: `Cancel order > ${cancelled}` },
  { name: "Announced", input: bar("announce"), code: 200, path: "Read order > Emit - order announced > Answer" },
])("$name", ({ name, input, code, path, seconds = 0 }) => {
  const { status, stdout, stderr } = asl([...words, "--case", name, "--input", JSON.stringify(input)]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const one = JSON.parse(stdout) as CaseJson;
  const { statusCode } = one.output as { readonly statusCode: number };
  expect({ statusCode, seconds: one.seconds, path: walked(one) }).toEqual({ statusCode: code, seconds, path });
});
