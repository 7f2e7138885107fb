/** Finds secrets by what stands before them. */
import { createCuts } from "./cuts.ts";
import { credentialLetters, endOf, isAmong, letters, startOf } from "./letters.ts";

const namesOf = (names: string): readonly string[] => names.toLowerCase().split(" ");
const members = namesOf(
  "TaskToken AccessToken IdToken RefreshToken access_token id_token refresh_token password ProposedPassword PreviousPassword ConfirmationCode SecretHash client_secret SecretAccessKey",
);
const parameters = namesOf("token code access_token id_token refresh_token X-Amz-Signature X-Amz-Security-Token");
const schemes = namesOf("Bearer Basic");

const [mostSpaces, mostBackslashes] = [4, 16];
const everyLetter = 255;
const valueLetters = everyLetter & ~(letters.quote | letters.backslash);
const parameterLetters = valueLetters & ~letters.space;

/** What hardly any line has, told in a moment: a secret name ends so. */
const nameEnd = /(?:token|password|code|hash|secret|key)[\\"]/i;

/** Whether what stands under a name is a secret. */
export function isSecretName(name: string): boolean {
  return members.some((secret) => isAt(name, name.length - secret.length, secret));
}

/** Replaces `"NAME": "VALUE"` of secret names, however many backslashes stand before its quotes. */
export function redactMembers(line: string): string {
  if (!nameEnd.test(line)) return line;
  const cuts = createCuts(line);
  for (let colon = line.indexOf(":"); colon >= 0; colon = line.indexOf(":", Math.max(colon + 1, cuts.end))) {
    const from = valueAfter(line, colon + 1);
    if (from < 0 || !isAfterSecretName(line, colon, cuts.end)) continue;
    const to = endOf(line, from, valueLetters);
    if (to > from) cuts.cut(from, to);
  }
  return cuts.text();
}

/** Returns where the text of a quoted value begins; -1 where none follows. */
function valueAfter(line: string, colon: number): number {
  const spaced = endOf(line, colon, letters.space, colon + mostSpaces);
  const at = endOf(line, spaced, letters.backslash, spaced + mostBackslashes);
  return isAmong(line, at, letters.quote) ? at + 1 : -1;
}

/** Whether a quoted secret name ends before the colon, none of it before `from`. */
function isAfterSecretName(line: string, colon: number, from: number): boolean {
  const closing = startOf(line, colon, letters.space, Math.max(from, colon - mostSpaces)) - 1;
  if (closing < from || !isAmong(line, closing, letters.quote)) return false;
  const end = startOf(line, closing, letters.backslash, Math.max(from, closing - mostBackslashes));
  return members.some((name) => end - name.length >= from && isAt(line, end - name.length, name));
}

/** Whether a name in small letters stands there, in letters of any case. */
function isAt(line: string, at: number, name: string): boolean {
  if (at < 0 || at + name.length > line.length) return false;
  // What differs in names is their ends.
  for (let index = name.length - 1; index >= 0; index--) {
    const [letter, wanted] = [line.charCodeAt(at + index), name.charCodeAt(index)];
    if (letter !== wanted && !(wanted >= 0x61 && wanted <= 0x7a && letter === wanted - 0x20)) return false;
  }
  return true;
}

const fewestCredentialLetters = 8;
const smallB = 0x62;
const schemeEnd = /(?:bearer|basic)\s/i;

/** Replaces the credentials of `Bearer CREDENTIALS` and `Basic CREDENTIALS`. */
export function redactCredentials(line: string): string {
  if (!schemeEnd.test(line)) return line;
  const cuts = createCuts(line);
  for (let at = 0; at < line.length; at++) {
    if ((line.charCodeAt(at) | 0x20) !== smallB || isAmong(line, at - 1, letters.word)) continue;
    const scheme = schemes.find((name) => isAt(line, at, name));
    if (scheme === undefined) continue;
    const end = at + scheme.length;
    const from = endOf(line, end, letters.space);
    const to = endOf(line, from, credentialLetters);
    if (from > end && to - from >= fewestCredentialLetters) cuts.cut(end, to, " [redacted]");
    at = Math.max(at, cuts.end - 1);
  }
  return cuts.text();
}

/** Replaces the values of secret parameters in queries. */
export function redactParameters(line: string): string {
  if (!line.includes("=")) return line;
  const cuts = createCuts(line);
  for (let at = nextParameter(line, 0); at >= 0; at = nextParameter(line, Math.max(at + 1, cuts.end))) {
    const name = parameters.find((one) => line[at + 1 + one.length] === "=" && isAt(line, at + 1, one));
    if (name === undefined) continue;
    const from = at + 2 + name.length;
    const to = endOfParameter(line, from);
    if (to > from) cuts.cut(from, to);
  }
  return cuts.text();
}

function nextParameter(line: string, from: number): number {
  for (let at = from; at < line.length; at++) if (line[at] === "?" || line[at] === "&") return at;
  return -1;
}

function endOfParameter(line: string, from: number): number {
  let at = from;
  while (isAmong(line, at, parameterLetters) && line[at] !== "&" && line[at] !== "'") at++;
  return at;
}
