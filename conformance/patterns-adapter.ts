/**
 * Solves event-pattern cases: one JSON line in (`{id, patternText, eventText}`), one JSON line out, in order.
 * Cases of event-ruler's own suite put any object before the matcher; all others are calls of TestEventPattern, which wants an envelope.
 */
import { createInterface } from "node:readline";
import { matchesPattern, parsePattern } from "@serverlesspresso/event-patterns";
import { openLocalServices } from "./local-services.ts";

interface Case {
  readonly id: string;
  readonly patternText: string;
  readonly eventText: string;
}

const services = await openLocalServices();
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Case))}\n`);
}
await services.close();

async function answer({ id, patternText, eventText }: Case): Promise<object> {
  if (id.startsWith("event-ruler/")) return match(patternText, eventText);
  const told = await services.call("AWSEvents", "TestEventPattern", { EventPattern: patternText, Event: eventText });
  return "refusal" in told ? { error: told.refusal.code, message: told.refusal.message } : { match: told.answer.Result };
}

function match(patternText: string, eventText: string): object {
  try {
    return { match: matchesPattern(parsePattern(patternText), JSON.parse(eventText)) };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, message };
  }
}
