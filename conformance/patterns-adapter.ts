/**
 * Answers event-pattern cases: one JSON line in (`{id, patternText, eventText}`), one JSON line out, in order.
 * Cases of event-ruler's own suite put any object before the matcher; all others are calls of TestEventPattern, which wants an envelope.
 */
import { createInterface } from "node:readline";
import { matchesPattern, parsePattern, testEventPattern } from "@serverlesspresso/event-bus";

interface Case {
  readonly id: string;
  readonly patternText: string;
  readonly eventText: string;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as Case))}\n`);
}

function answer({ id, patternText, eventText }: Case): object {
  try {
    if (id.startsWith("event-ruler/")) return { match: matchesPattern(parsePattern(patternText), JSON.parse(eventText)) };
    return { match: testEventPattern(patternText, eventText) };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, message };
  }
}
