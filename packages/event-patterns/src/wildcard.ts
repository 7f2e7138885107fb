/**
 * Wildcard texts: `*` stands for any run of characters, `\*` and `\\` for themselves.
 *
 * W1. Matching takes time linear in the text: the pieces between wildcards are found one after the other, leftmost first, and
 *     each by a search that never goes back (Knuth, Morris, Pratt).
 */

/** @throws {RangeError} with event-ruler's words on two wildcards in a row or an unknown escape; positions count the opening quote. */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const pieces = splitPieces(pattern);
  const first = pieces[0] as string;
  if (pieces.length === 1) return (text) => text === first;
  const last = pieces.at(-1) as string;
  const searches = pieces.slice(1, -1).map(compileSearch);
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const search of searches) {
      at = search(text, at, end);
      if (at < 0) return false;
    }
    return true;
  };
}

function splitPieces(pattern: string): string[] {
  const pieces = [""];
  const append = (c: string): void => void (pieces[pieces.length - 1] += c);
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    const next = pattern[i + 1];
    if (c === "*" && next === "*") throw new RangeError(`Consecutive wildcard characters at pos ${byteAt(pattern, i)}`);
    if (c === "*") pieces.push("");
    else if (c !== "\\") append(c);
    else if (next === "*" || next === "\\") append(pattern[++i] as string);
    else throw new RangeError(`Invalid escape character at pos ${byteAt(pattern, i)}`);
  }
  return pieces;
}

function byteAt(pattern: string, index: number): number {
  return Buffer.byteLength(pattern.slice(0, index)) + 1;
}

/** Where the first occurrence of `piece` in `text[from, end)` ends, or -1. */
function compileSearch(piece: string): (text: string, from: number, end: number) => number {
  const fallback = new Int32Array(piece.length);
  for (let i = 1, matched = 0; i < piece.length; i++) {
    while (matched > 0 && piece[i] !== piece[matched]) matched = fallback[matched - 1] as number;
    if (piece[i] === piece[matched]) matched++;
    fallback[i] = matched;
  }
  return (text, from, end) => {
    let matched = 0;
    for (let i = from; i < end; i++) {
      while (matched > 0 && text[i] !== piece[matched]) matched = fallback[matched - 1] as number;
      if (text[i] === piece[matched]) matched++;
      if (matched === piece.length) return i + 1;
    }
    return -1;
  };
}
