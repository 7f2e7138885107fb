import { expect } from "vitest";
import type { Contract } from "./contract.ts";

/** A call that is refused: with AWS's code everywhere, and in AWS's own words. */
export interface Refusal<Client> {
  readonly name: string;
  run(client: Client): Promise<unknown>;
  readonly code: string;
  /** Left out where AWS's words are not known. */
  readonly words?: string;
}

/** One case for the code, and one for the words. */
export function checkRefusals<Client>({ check }: Contract<Client>, refusals: readonly Refusal<Client>[]): void {
  for (const { name, run, code, words } of refusals) {
    check(`${name}: ${code}`, async (client) => expect((await failureOf(run(client))).name).toBe(code));
    if (words !== undefined) check(`${name}: in AWS's words`, async (client) => expect((await failureOf(run(client))).message).toBe(words));
  }
}

/** The error with which a call ends; fails where it does not. */
export async function failureOf(call: Promise<unknown>): Promise<Error & Readonly<Record<string, unknown>>> {
  const outcome = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome && outcome.error instanceof Error) return outcome.error as Error & Readonly<Record<string, unknown>>;
  throw new Error(`expected a failure, got ${JSON.stringify(outcome)?.slice(0, 500)}`);
}
