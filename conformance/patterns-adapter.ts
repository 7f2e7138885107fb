/** Answers event-pattern cases: one JSON line in (`{patternText, eventText}`), one JSON line out, in order. */
import { createInterface } from "node:readline";
import { testEventPattern } from "@serverlesspresso/event-bus";

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue;
  const { patternText, eventText } = JSON.parse(line) as { patternText: string; eventText: string };
  process.stdout.write(`${JSON.stringify(answer(patternText, eventText))}\n`);
}

function answer(patternText: string, eventText: string): object {
  try {
    return { match: testEventPattern(patternText, eventText) };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, message };
  }
}
