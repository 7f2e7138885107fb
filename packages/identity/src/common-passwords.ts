/**
 * Passwords that are guessed first.
 *
 * CP1. Refused are the 49,000 of a public list of leaked passwords, and what people make of them: one dressed with digits and signs, written with
 *     digits for letters, or said twice.
 * CP2. Refused are a run along the keyboard or the alphabet, one piece repeated, and too few different characters.
 * CP3. The list is read when the first password is looked at, in pieces: no call waits for more of it than some milliseconds.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";

/** What this shop and its sign-in suggest, and the list has not. */
const ownWords = `
  barista baristas bienvenido cafecito cafezinho cappuccino coffeebar coffeeshop conference espressobar flatwhite hotmail letmeinplease linkedin login
  orders passphrase secretpassword serverless serverlesspresso somepassword superuser twitter welcomehome
`;

const rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop"];
const shortestRun = 3;
const looksLike: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

let known: Promise<ReadonlySet<string>> | undefined;

/** Resolves with whether a password is one of those guessed first (CP1, CP2). Rejects where the list cannot be read. */
export async function isCommonPassword(password: string): Promise<boolean> {
  const text = password.normalize("NFKC").toLowerCase();
  if (new Set(text).size < 5 || isRun(text) || isRepeated(text)) return true;
  known ??= readList().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  const common = await known;
  const meant = readAsLetters(text);
  const cores = [coreOf(text), coreOf(meant), coreOf(readAsLetters(withoutEnds(text, /\p{L}/u)))];
  if (cores.some((core) => core === "" || (core.length >= shortestRun && isRun(core)))) return true;
  const inner = withoutEnds(text, /[\p{L}\p{N}]/u);
  return [text, meant, inner, readAsLetters(inner), ...cores].flatMap((said) => [said, half(said)]).some((said) => common.has(said));
}

const letOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** CP3. */
async function readList(): Promise<ReadonlySet<string>> {
  const file = new URL(import.meta.resolve("@zxcvbn-ts/language-common/src/passwords.json"));
  const content: unknown = JSON.parse(await readFile(file, "utf8"));
  await letOthers();
  const list = z.array(z.string()).parse(content);
  const words = new Set(ownWords.trim().split(/\s+/));
  for (const [at, word] of list.entries()) {
    if (at % 5000 === 0) await letOthers();
    words.add(word);
  }
  return words;
}

/** `p@ssw0rd` as it is meant. */
function readAsLetters(text: string): string {
  return [...text].map((character) => looksLike[character] ?? character).join("");
}

/** Its letters alone. */
function coreOf(text: string): string {
  return text.normalize("NFKD").replace(/[^\p{L}]/gu, "");
}

/** From the first to the last character of a kind. */
function withoutEnds(text: string, kind: RegExp): string {
  const characters = [...text];
  const isOfKind = (character: string): boolean => kind.test(character);
  return characters.slice(Math.max(characters.findIndex(isOfKind), 0), characters.findLastIndex(isOfKind) + 1).join("");
}

/** What is said twice, once. */
function half(text: string): string {
  const middle = text.length / 2;
  return text.slice(0, middle) === text.slice(middle) ? text.slice(0, middle) : text;
}

function isRun(text: string): boolean {
  return rows.some((row) => {
    const backwards = [...row].reverse().join("");
    return [row + row, backwards + backwards].some((track) => track.includes(text));
  });
}

function isRepeated(text: string): boolean {
  for (let length = 1; length <= 4; length++) {
    if (
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .startsWith(text)
    )
      return true;
  }
  return false;
}
