import type { Diagnostic } from "../errors.ts";

const expected = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** Returns why a text is not JSON, as far as possible in the words of AWS's parser; undefined if it is JSON. */
export function jsonProblem(text: string): Diagnostic | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const at = Number(/position (\d+)/.exec(String(error))?.[1] ?? 0);
    const token = /^[^\s,:{}[\]"]+/.exec(text.slice(at))?.[0];
    const why = token === undefined ? `Unexpected character ('${text.charAt(at)}')` : `Unrecognized token '${token}'`;
    const location = place(text, at + (token?.length ?? 0));
    return {
      severity: "ERROR",
      code: "INVALID_JSON_DESCRIPTION",
      message: `${why}: ${expected}\n at ${location}`,
      location,
    };
  }
}

function place(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  const shown = text.length > 500 ? `${text.slice(0, 500)}"[truncated ${text.length - 500} chars]` : `${text}"`;
  return `[Source: (String)"${shown}; line: ${before.length}, column: ${(before.at(-1)?.length ?? 0) + 1}]`;
}
