import { expect, test } from "vitest";
import { createPaces } from "./paces.ts";

test("a kind runs as it ran the last time; the least recently seen are forgotten", () => {
  const paces = createPaces(2);
  expect(paces.of("a")).toBe("unknown");
  paces.remember("a", "slow");
  paces.remember("b", "quick");
  paces.remember("a", "quick");
  paces.remember("c", "slow");
  expect(["a", "b", "c"].map(paces.of)).toEqual(["quick", "unknown", "slow"]);
});
