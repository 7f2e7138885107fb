/**
 * Takes secrets out of a line before it is kept.
 *
 * D1. What stands under a name that means a secret is replaced, in JSON however often quoted, in headers and in queries.
 * D2. JSON Web Tokens, Bearer credentials and long runs of token letters are replaced wherever they stand.
 */
const replacement = "[redacted]";

const names =
  "TaskToken|AccessToken|IdToken|RefreshToken|access_token|id_token|refresh_token|password|ProposedPassword|PreviousPassword|ConfirmationCode|SecretHash|client_secret|SecretAccessKey";
const jsonMember = new RegExp(`((?:${names})\\\\{0,16}"\\s{0,4}:\\s{0,4}\\\\{0,16}")[^"\\\\]+`, "gi");
const queryMember = /([?&](?:token|code|access_token|id_token|refresh_token|X-Amz-Signature|X-Amz-Security-Token)=)[^&\s"'\\]+/gi;
/** Looked for near the start of a run of its letters alone: looked for at every place, a line made for it takes time with the square of its length. */
const webToken = /(?<![\w-])([\w-]{0,32}?)\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const credential = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
/** Task tokens and refresh tokens: longer than identifiers and hashes, with letters of both cases and digits among them. */
const longToken = /[\w-]{56,}|[\w+/-]{160,}={0,2}/g;

/** Returns a line without the tokens, codes and passwords that stand in it. */
export function redact(line: string): string {
  return line
    .replace(jsonMember, `$1${replacement}`)
    .replace(webToken, `$1${replacement}`)
    .replace(credential, `$1 ${replacement}`)
    .replace(queryMember, `$1${replacement}`)
    .replace(longToken, (run) => (looksRandom(run) ? replacement : run));
}

function looksRandom(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run);
}
