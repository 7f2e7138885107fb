/** Kinds of letters, as bits: scans look at letters one by one. */

/** Kinds of letters, and what regular expressions call them; several may be joined by `|`. */
export const letters = { word: 1, dash: 2, slash: 4, credential: 8, space: 16, quote: 32, backslash: 64, other: 128 } as const;

/** `[\w-]`: the letters of base64 in web tokens. */
export const tokenLetters = letters.word | letters.dash;
/** `[\w+/-]`: those of both kinds of base64. */
export const base64Letters = tokenLetters | letters.slash;
/** `[\w.~+/=-]`: those of credentials in a header. */
export const credentialLetters = base64Letters | letters.credential;

const table = new Uint8Array(0x10000).fill(letters.other);
const ranges: readonly (readonly [kind: number, letters: string])[] = [
  [letters.word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"],
  [letters.dash, "-"],
  [letters.slash, "+/"],
  [letters.credential, ".~="],
  [
    letters.space,
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
  ],
  [letters.quote, '"'],
  [letters.backslash, "\\"],
];
for (const [kind, text] of ranges) for (let at = 0; at < text.length; at++) table[text.charCodeAt(at)] = kind;

/** Whether the letter at a place is of one of the kinds; false before the text and behind it. */
export function isAmong(text: string, at: number, kinds: number): boolean {
  return at >= 0 && at < text.length && ((table[text.charCodeAt(at)] as number) & kinds) !== 0;
}

/** Returns where the letters of these kinds that begin at `from` end, `end` at most. */
export function endOf(text: string, from: number, kinds: number, end = text.length): number {
  const last = Math.min(end, text.length);
  let at = from;
  while (at < last && ((table[text.charCodeAt(at)] as number) & kinds) !== 0) at++;
  return at;
}

/** Returns where the letters of these kinds that end at `end` begin, `from` at least. */
export function startOf(text: string, end: number, kinds: number, from = 0): number {
  let at = end;
  while (at > from && ((table[text.charCodeAt(at - 1)] as number) & kinds) !== 0) at--;
  return at;
}
