/**
 * A contract: what every implementation of a port does.
 *
 * C1. A suite runs at any place that gives it a client; it leaves nothing behind that another suite could meet.
 * C2. Where a place differs and is known to, the case is a named gap of that place. A gap that begins to pass fails, and so does one that names no case.
 */
import { afterAll, beforeAll, describe, test } from "vitest";

/** Where a suite runs. */
export interface Place<Client> {
  readonly name: string;
  open(): Promise<Opened<Client>>;
  readonly gaps?: readonly Gap[];
}
export interface Opened<Client> {
  readonly client: Client;
  close(): Promise<void>;
}
/** A case in which a place is known to differ from what AWS documents or was seen to do, and why. */
export interface Gap {
  readonly cases: readonly string[];
  readonly because: string;
}

/** What a suite is written with. */
export interface Contract<Client> {
  /** Runs once, before the cases. */
  before(prepare: (client: Client) => Promise<unknown>): void;
  after(clean: (client: Client) => Promise<unknown>): void;
  /** One case; its name is unique within the contract. */
  check(name: string, run: (client: Client) => Promise<unknown>, timeoutMs?: number): void;
}

/** Defines the cases of a contract at a place. */
export function describeContract<Client>(port: string, place: Place<Client>, define: (contract: Contract<Client>) => void): void {
  const reasons = new Map((place.gaps ?? []).flatMap(({ cases, because }) => cases.map((name) => [name, because] as const)));
  const names = new Set<string>();
  const preparations: ((client: Client) => Promise<unknown>)[] = [];
  const cleanings: ((client: Client) => Promise<unknown>)[] = [];
  let opened: Opened<Client> | undefined;
  const client = (): Client => {
    if (opened === undefined) throw new Error(`${place.name} is not open`);
    return opened.client;
  };
  describe(`${port} at ${place.name}`, () => {
    beforeAll(async () => {
      opened = await place.open();
      for (const prepare of preparations) await prepare(client());
    });
    afterAll(async () => {
      if (opened === undefined) return;
      for (const clean of cleanings) await clean(client());
      await opened.close();
    });
    define({
      before: (prepare) => void preparations.push(prepare),
      after: (clean) => void cleanings.push(clean),
      check(name, run, timeoutMs) {
        if (names.has(name)) throw new Error(`two cases are called "${name}"`);
        names.add(name);
        const because = reasons.get(name);
        const body = async (): Promise<void> => void (await run(client()));
        if (because === undefined) test(name, body, timeoutMs);
        else test.fails(`${name} [gap: ${because}]`, body, timeoutMs);
      },
    });
    const unknown = [...reasons.keys()].filter((name) => !names.has(name));
    test("every gap names a case", () => {
      if (unknown.length > 0) throw new Error(`no case is called ${unknown.map((name) => `"${name}"`).join(", ")}`);
    });
  });
}
