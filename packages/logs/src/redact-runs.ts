/** Finds secrets by their own letters. */
import { createCuts } from "./cuts.ts";
import { base64Letters, endOf, startOf, tokenLetters } from "./letters.ts";

const webTokenStart = "eyJ";
const fewestOfPart = 8;
/** What may stand before a web token in the run of letters that it ends. */
const mostBeforeWebToken = 32;

/** Replaces JSON Web Tokens: two parts of token letters or three, the first of which begins with `eyJ`. */
export function redactWebTokens(line: string): string {
  if (!line.includes(webTokenStart)) return line;
  const cuts = createCuts(line);
  for (let at = line.indexOf(webTokenStart); at >= 0; at = line.indexOf(webTokenStart, at)) {
    const begin = startOf(line, at, tokenLetters, Math.max(cuts.end, at - mostBeforeWebToken - 1));
    const isNear = at - begin <= mostBeforeWebToken;
    if (isNear && at > begin && line[at - 1] !== "-") at += 1;
    else {
      // No later place in the run is nearer, or has more letters before the same end.
      const end = endOf(line, at, tokenLetters);
      const to = isNear && end - at >= webTokenStart.length + fewestOfPart ? endOfWebToken(line, end) : undefined;
      if (to !== undefined) cuts.cut(at, to);
      at = to ?? end;
    }
  }
  return cuts.text();
}

/** Returns where the web token ends whose first part ends at `end`; undefined where it has no second part. */
function endOfWebToken(line: string, end: number): number | undefined {
  if (line[end] !== ".") return undefined;
  const second = endOf(line, end + 1, tokenLetters);
  if (second - end - 1 < fewestOfPart) return undefined;
  return line[second] === "." ? endOf(line, second + 1, tokenLetters) : second;
}

/** Task tokens and refresh tokens are longer than identifiers and hashes. */
const [fewestTokenLetters, fewestBase64Letters] = [56, 160];

/** Replaces long runs of token letters with letters of both cases and digits among them. */
export function redactLongTokens(line: string): string {
  const first = nextLongRun(line, 0);
  if (first === line.length) return line;
  const cuts = createCuts(line);
  for (let at = first; at < line.length; at = nextLongRun(line, at)) {
    const end = endOf(line, at, base64Letters);
    while (at < end) {
      const [to, isMeant] = tokenAt(line, at, end);
      if (isMeant && looksRandom(line.slice(at, to))) cuts.cut(at, to);
      at = to;
    }
  }
  return cuts.text();
}

/** Returns where the next run of at least `fewestTokenLetters` begins; most windows of that length end at a letter that cannot be in one. */
function nextLongRun(line: string, from: number): number {
  for (let at = from; at + fewestTokenLetters <= line.length; ) {
    const end = at + fewestTokenLetters;
    const begin = startOf(line, end, base64Letters, at);
    if (begin === at) return at;
    at = begin;
  }
  return line.length;
}

/** Where what begins at `at`, in a run that ends at `end`, ends itself, and whether it is long enough. */
function tokenAt(line: string, at: number, end: number): [to: number, isMeant: boolean] {
  const to = endOf(line, at, tokenLetters);
  if (to - at >= fewestTokenLetters) return [to, true];
  if (end - at >= fewestBase64Letters) return [line[end] !== "=" ? end : line[end + 1] === "=" ? end + 2 : end + 1, true];
  return [Math.max(to, at + 1), false];
}

function looksRandom(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run);
}
