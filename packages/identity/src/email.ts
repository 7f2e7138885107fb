import { invalid } from "./errors.ts";

/** An address in the one form it is kept in: NFC, lower case. @throws {IdentityError} `InvalidParameterException` */
export function normaliseEmail(text: string): string {
  const email = text.trim().normalize("NFC").toLowerCase();
  if (email.length > 254 || !/^[^\s@<>"(),:;[\]\\\p{C}]{1,64}@[^\s@<>"(),:;[\]\\\p{C}.]+(?:\.[^\s@<>"(),:;[\]\\\p{C}.]+)*$/u.test(email)) {
    throw invalid("Invalid email address format.");
  }
  return email;
}

/** An address as Cognito shows it to who may not know it: `a***@e***`. */
export function maskEmail(email: string): string {
  const [local = "", domain = ""] = email.split("@");
  return `${[...local][0] ?? ""}***@${[...domain][0] ?? ""}***`;
}
