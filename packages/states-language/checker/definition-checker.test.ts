import { afterAll, describe, expect, test } from "vitest";
import { createDefinitionChecker } from "./definition-checker.ts";

const checker = createDefinitionChecker({ deadlineMs: 60_000 });
afterAll(() => checker.close());

const machine = (output: unknown): string =>
  JSON.stringify({ QueryLanguage: "JSONata", StartAt: "S", States: { S: { Type: "Pass", Output: output, End: true } } });
const error = (message: string, location?: string) =>
  expect.objectContaining({ severity: "ERROR", message, ...(location && { location }) });

describe("findings", () => {
  test.each([
    { name: "an honest definition", text: machine("{% $sum($states.input.items.(price * qty)) %}"), found: [] },
    {
      name: "a syntax error",
      text: machine("{% 1 + %}"),
      found: [error("Unexpected end of expression", "/States/S/Output")],
    },
    {
      name: "JSONata nested beyond any stack",
      text: machine(`{% ${"(".repeat(200_000)} %}`),
      found: [error("The expression is nested too deeply.", "/States/S/Output")],
    },
    {
      name: "lists nested beyond any stack",
      text: machine("{%").replace('"{%"', "[".repeat(300_000) + "]".repeat(300_000)),
      found: [error("The definition is nested too deeply.")],
    },
  ])("$name", async ({ text, found }) => expect(await checker.diagnose(text)).toEqual(found));

  test("no more than a thousand are told", async () => {
    const states = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`S${n}`, { Type: "Wait" }]));
    expect((await checker.diagnose(JSON.stringify({ StartAt: "S0", States: states }))).length).toBeLessThanOrEqual(1_000);
  });
});

test("DC3, DC4: a definition that takes too long is ended in words that name it; the one behind it is checked on another thread", async () => {
  const strict = createDefinitionChecker({ deadlineMs: 900 });
  // Five seconds of processor time.
  const slow = machine(Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [n, `{% [${"1,".repeat(90)}${n}] %}`])));
  const [late, next] = await Promise.all([strict.diagnose(slow), strict.diagnose(machine("{% 1 %}"))]);
  expect(late).toEqual([error(`The definition '${slow.slice(0, 60)}…' of ${slow.length} characters takes more than 0.9 seconds to check`)]);
  expect(next).toEqual([]);
  await strict.close();
});

test("DC4: what is asked when it closes, and after, is answered", async () => {
  const other = createDefinitionChecker();
  const asked = [other.diagnose(machine("{% 1 %}")), other.diagnose(machine("{% 2 %}"))];
  await other.close();
  asked.push(other.diagnose(machine("{% 3 %}")));
  for (const found of await Promise.all(asked)) expect(found).toEqual([expect.objectContaining({ severity: "ERROR" })]);
});

test("a TestState call is refused in the same words as without a thread", async () => {
  const definition = { Type: "Pass", QueryLanguage: "JSONata", Output: "{% 1 + %}", End: true };
  await expect(checker.checkTest({ definition })).rejects.toMatchObject({
    name: "InvalidDefinition",
    message: expect.stringContaining("end of expression"),
  });
  await checker.checkTest({ definition: { ...definition, Output: "{% 1 %}" } });
});
