/** The most characters of a name. */
const maxNameLength = 40;

/** Letters that show as nothing and would make a name look empty. */
const blanks = /[\u115f\u1160\u3164\uffa0\u2800]/g;
// Wider than the rule of the contract, which a package cannot know: a user pool has no menu, and takes names of strangers that no schema has seen.
/** Control, format (bidirectional and zero-width among them), unassigned, private and lone surrogate characters; line and paragraph breaks. */
const invisible = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Piled-up accents beyond three on one letter. */
const piledMarks = /(\p{M}{3})\p{M}+/gu;

/** A name fit to be called out and shown: one line, nothing hidden in it, at most 40 characters; empty where nothing is left. */
export function neutraliseName(text: string): string {
  const visible = text
    .slice(0, 2000)
    .normalize("NFC")
    .replace(/\s+/g, " ")
    .replace(invisible, "")
    .replace(blanks, " ")
    .replace(piledMarks, "$1")
    .replace(/ +/g, " ")
    .trim();
  return [...visible].slice(0, maxNameLength).join("").trim();
}
