import { expect, test } from "vitest";
import { blueprint, parseRequest, type RouteSchemas } from "./index.ts";

const { routes } = blueprint;
const routeOf = (id: string): RouteSchemas => blueprint.routes.find(({ operationId }) => operationId === id) as RouteSchemas;
const tea = { drink: "Tea", icon: "tea", available: true, modifiers: [] };

test.each([
  { route: "putConfig", body: { maxOrdersInQueue: 0 }, says: '"maxOrdersInQueue" must be at least 1.' },
  { route: "putConfig", body: { maxOrdersInQueue: 401 }, says: '"maxOrdersInQueue" must be at most 400.' },
  { route: "putConfig", body: { maxOrdersInQueue: 1.5 }, says: '"maxOrdersInQueue" must be a whole number.' },
  { route: "putConfig", body: { maxOrdersInQueue: "20" }, says: '"maxOrdersInQueue" must be a number.' },
  { route: "putConfig", body: { cups: 1 }, says: 'The request must not have "cups".' },
  { route: "putConfig", body: {}, says: "There is nothing to change." },
  { route: "putConfig", body: [], says: "The request must be an object." },
  { route: "putConfig", body: { timeZone: "Moon/Base" }, says: "There is no such time zone: expected a name such as Europe/Lisbon." },
  { route: "putMenu", body: [], says: "The request must have at least 1 entry." },
  { route: "putMenu", body: [tea, { ...tea, drink: "Milk", available: "yes" }], says: '"1.available" must be true or false.' },
  { route: "putMenu", body: [{ ...tea, icon: "a b" }], says: '"0.icon" has characters that are not allowed here, or too many.' },
  { route: "putMenu", body: [{ ...tea, drink: "" }], says: '"0.drink" must have at least 1 character.' },
  { route: "putMenu", body: [tea, tea], says: "Two entries have the same drink." },
  { route: "signInAsGuest", body: { name: 5 }, says: '"name" must be text.' },
  { route: "signInAsGuest", body: {}, says: '"name" is missing.' },
  { route: "signInAsGuest", body: { name: "x".repeat(41) }, says: '"name" must have at most 40 characters.' },
  { route: "putStore", query: { state: "shut" }, says: '"state" must be one of open, closed.' },
  { route: "putStore", query: { state: "closed", minutes: "x" }, says: '"minutes" must be a number.' },
])("$route: $says", ({ route, body, query = {}, says }) => {
  const result = parseRequest(routeOf(route), { pathParameters: {}, query: query as Record<string, string>, body });
  expect(result).toMatchObject({ problem: { detail: says, errors: expect.arrayContaining([expect.objectContaining({ message: says })]) } });
});

test("no route says a validator's words, whatever it is sent", () => {
  const usual = /Invalid|expected \w+, received|Too (small|big)|Unrecognized/;
  const bodies = [
    {},
    [],
    5,
    null,
    "x",
    ...[5, "", [{}], { a: 1 }, null, "x".repeat(3000)].map((v) => ({ name: v, drink: v, modifiers: v, menu: v, deviceName: v })),
  ];
  for (const route of routes) {
    for (const body of bodies)
      expect(JSON.stringify(parseRequest(route, { pathParameters: { id: "1" }, query: { maxItems: "x" }, body }))).not.toMatch(usual);
  }
});
