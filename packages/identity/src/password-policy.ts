import { isCommonPassword } from "./common-passwords.ts";
import { IdentityError } from "./errors.ts";

const shortestAllowed = 8;
/** Hashing costs time by length; no user types more. */
const longest = 256;

/**
 * Rejects passwords that would be guessed: length counts, common ones and the user's own address or name do not pass. No rules about kinds of characters.
 * @throws {IdentityError} `InvalidPasswordException`
 */
export async function checkPassword(password: string, minimumLength: number, ownWords: readonly (string | undefined)[]): Promise<void> {
  const length = [...password].length;
  const least = Math.max(minimumLength, shortestAllowed);
  if (length < least) throw refused(`Password not long enough, expected at least ${least} characters`);
  if (password.length > longest) throw refused(`Password too long, expected at most ${longest} characters`);
  if (await isCommonPassword(password)) throw refused("Password is too easy to guess");
  const text = password.toLowerCase();
  const own = ownWords.flatMap((word) => word?.toLowerCase().split(/[@\s]+/) ?? []).find((word) => word.length >= 4 && text.includes(word));
  if (own !== undefined && text.length - own.length < 6) throw refused("Password must not be made from your e-mail address or name");
}

function refused(reason: string): IdentityError {
  return new IdentityError("InvalidPasswordException", `Password did not conform with policy: ${reason}`);
}
