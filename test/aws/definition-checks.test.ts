/**
 * Definitions that are long to check, in a whole shop: no turn of the event loop takes long meanwhile. A turn's time is what this thread works in it, and
 * the best of a few rounds counts, as in `event-loop.test.ts`.
 */
import {
  CreateStateMachineCommand,
  SFNClient,
  StartExecutionCommand,
  TestStateCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { longestTurn } from "../support/longest-turn.ts";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient({ ...bar.client, maxAttempts: 1, disableHostPrefix: true });
});
afterAll(() => bar.close());

const mostMs = 50;
const mostRounds = 8;
const roleArn = `arn:aws:iam::${account}:role/any`;

/** The best of some rounds, each with a name of its own. */
async function expectShortTurns(run: (name: string) => Promise<unknown>): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < mostRounds && best >= mostMs; round++) {
    best = Math.min(best, await longestTurn(() => run(`${expect.getState().currentTestName?.replaceAll(/\W/g, "-").slice(-60)}-${round}`)));
  }
  expect(best).toBeLessThan(mostMs);
}

const parents = `{% $states.input${".b.%".repeat(1_900)} %}`;
const hostile = JSON.stringify({
  QueryLanguage: "JSONata",
  StartAt: "P",
  States: { P: { Type: "Pass", Output: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`x${n}`, parents])), End: true } },
});
const sum = (n: number): string => `{% $merge([$states.input, {'total': $sum($states.input.items.(price * qty)), 'n': ${n}}]) %}`;
const honest = JSON.stringify({
  QueryLanguage: "JSONata",
  StartAt: "S0",
  States: Object.fromEntries(
    Array.from({ length: 250 }, (_, n) => [
      `S${n}`,
      {
        Type: "Pass",
        Output: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a${i}`, sum(n * 100 + i)])),
        ...(n < 249 ? { Next: `S${n + 1}` } : { End: true }),
      },
    ]),
  ),
});
const refused = "The parent operator '%' is used 1900 times, expected at most 100.";

test(
  "thousands of parent operators are refused",
  () =>
    expectShortTurns(async (name) => {
      await expect(states.send(new CreateStateMachineCommand({ name, definition: hostile, roleArn }))).rejects.toMatchObject({
        name: "InvalidDefinition",
        message: expect.stringContaining(refused),
      });
      const { result, diagnostics } = await states.send(new ValidateStateMachineDefinitionCommand({ definition: hostile }));
      expect(result).toBe("FAIL");
      expect(diagnostics?.[0]?.message).toBe(refused);
      await expect(states.send(new TestStateCommand({ definition: hostile, stateName: "P", roleArn }))).rejects.toMatchObject({
        name: "InvalidDefinition",
      });
    }),
  300_000,
);

test(
  "an honest definition of 528 kB is accepted, updated and started",
  () =>
    expectShortTurns(async (name) => {
      const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name, definition: honest, roleArn }));
      const again = await states.send(new CreateStateMachineCommand({ name, definition: honest, roleArn }));
      expect(again.stateMachineArn).toBe(stateMachineArn);
      await states.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn: `${roleArn}-other` }));
      await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: honest.replace("'n': 0}", "'n': 1}") }));
      expect((await states.send(new ValidateStateMachineDefinitionCommand({ definition: honest }))).result).toBe("OK");
      await states.send(new StartExecutionCommand({ stateMachineArn, input: "{}" }));
    }),
  300_000,
);

test("of two that create one name at once with different definitions, the one is refused", async () => {
  const made = await Promise.allSettled(
    [1, 2].map((n) =>
      states.send(new CreateStateMachineCommand({ name: "race", definition: honest.replace("'n': 0", `'n': ${n}`), roleArn })),
    ),
  );
  expect(made.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(made.find(({ status }) => status === "rejected")).toMatchObject({ reason: { name: "StateMachineAlreadyExists" } });
});
