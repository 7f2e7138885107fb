import { expect, test } from "vitest";
import { lineOf, readLines } from "./line-of.ts";

const text = `{
  "StartAt": "A/[\\"}", "States": {
    "A/[\\"}": { "Type": "Choice",
      "Choices": [
        { "Next": "B" },
        {
          "Next":
            "C"
        } ] },
    "B": { "Type": "Pass", "Result": [[1, 2],
      [3]], "End": true }
  }
}`;

test.each([
  { location: "/", line: 1 },
  { location: "/StartAt", line: 2 },
  { location: '/States/A/["}', line: 3 },
  { location: '/States/A/["}/Choices[0]', line: 5 },
  { location: '/States/A/["}/Choices[1]/Next', line: 7 },
  { location: "/States/B/Result[1][0]", line: 11 },
  { location: "/States/B/Next", line: 10 },
  { location: "/States/B/End/x[3]", line: 11 },
])("$location stands on line $line", ({ location, line }) => expect(lineOf(readLines(text), location)).toBe(line));
