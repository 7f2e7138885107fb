import { expect, test } from "vitest";
import { finalStates, isFinal, openStates, orderActions, orderEndings, orderStates } from "./order.ts";

test("each state is either open or final", () => {
  expect([...openStates, ...finalStates]).toEqual(orderStates);
  expect(orderStates.filter(isFinal)).toEqual(finalStates);
});

test("no change leaves a final state, and each state but the first is reached", () => {
  const changes = [...Object.values(orderActions), ...Object.values(orderEndings)];
  for (const { from, to } of changes) if (from.some(isFinal)) expect(from).toEqual([to]);
  expect(new Set(changes.map(({ to }) => to))).toEqual(new Set(orderStates.slice(1)));
});
