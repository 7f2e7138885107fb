/**
 * Codes that change: with the shop's `subCode` on, a code ends in a sub-code, so that a photo of it soon buys nothing.
 *
 * S1. A window with a secret of its own has sub-codes, unless it is marked plain. The secret is made with the window, or at the first
 *     question for the code after the switch was turned on; at the first after it was turned off the window is marked plain and keeps its
 *     secret, so that what was just scanned is still good once the switch is on again. It never leaves the table: displays ask for each code.
 * S2. The code of a step of 30 s is the window's code, the step's number in the window, and the HMAC-SHA256 of both, cut to 128 bits.
 *     What is given is compared whole and in constant time, so a wrong sub-code is like any unknown code.
 * S3. A code is good until 2 minutes after its step, also beyond its window's end; it takes from its own window. The step shows when it
 *     was read at the latest, but the order app sends it only once its guest is signed in: a guest who scans in a step's last moment has
 *     2 minutes to type a name, or address and password.
 * S4. A plain code that was shown before the switch was turned on has the same 2 minutes. Otherwise a plain code is unknown here.
 */
import { createHmac } from "node:crypto";
import { isSameText } from "../shared/same-text.ts";
import { isSpendable, type StoredWindow } from "./window.ts";

/** The size of the secret behind a window's sub-codes, in bits. */
export const subCodeSecretBits = 256;
const stepMs = 30_000;
const subCodeBytes = 16;
/** How long after it was last shown a code is good (S3, S4). */
export const signInMs = 120_000;

/** A code as a guest gave it; nothing of it is proved. */
export interface GivenCode {
  readonly text: string;
  /** The number of the window that it claims to be of. */
  readonly window: string;
  /** The step of its sub-code; undefined for a plain code. */
  readonly step: number | undefined;
}

/** Returns the parsed code; undefined for text that is not a code. */
export function parseCode(text: string): GivenCode | undefined {
  const match = /^([0-9a-z]{1,10})\.[\w-]{1,64}(?:\.([0-9a-z]{1,4})\.[\w-]{22})?$/.exec(text);
  if (match === null) return undefined;
  const [, window = "", step] = match;
  return { text, window: String(Number.parseInt(window, 36)), step: step === undefined ? undefined : Number.parseInt(step, 36) };
}

/** What a display is to show now, and until when, where that is before the window's end. */
export function shownCode(window: StoredWindow, nowMs: number): { readonly code: string; readonly codeEndMs?: number } {
  if (window.subCodes === undefined) return { code: window.code };
  const step = Math.max(0, Math.floor((nowMs - window.startMs) / stepMs));
  return { code: codeOfStep(window.code, window.subCodes.secret, step), codeEndMs: endOf(window, step) };
}

/** What a code is worth: `unknown` where it never was one of this window. */
export function judgeCode(given: GivenCode, window: StoredWindow, nowMs: number): "good" | "over" | "unknown" {
  const { code, subCodes } = window;
  if (subCodes === undefined) {
    // A sub-code from before the switch was turned off proves nothing now.
    const plain = given.text.split(".", 2).join(".");
    return isSameText(plain, code) ? goodIf(isSpendable(window, nowMs)) : "unknown";
  }
  if (given.step !== undefined) {
    const isOurs = isSameText(given.text, codeOfStep(code, subCodes.secret, given.step));
    return isOurs ? goodIf(nowMs < endOf(window, given.step) + signInMs) : "unknown";
  }
  const wasShown = isSameText(given.text, code) && subCodes.plainUntilMs !== undefined;
  return wasShown ? goodIf(nowMs < subCodes.plainUntilMs && isSpendable(window, nowMs)) : "unknown";
}

const goodIf = (holds: boolean): "good" | "over" => (holds ? "good" : "over");

const endOf = ({ startMs }: StoredWindow, step: number): number => startMs + (step + 1) * stepMs;

/** S2. */
function codeOfStep(code: string, secret: string, step: number): string {
  const stepped = `${code}.${step.toString(36)}`;
  const mac = createHmac("sha256", Buffer.from(secret, "base64url")).update(stepped).digest().subarray(0, subCodeBytes);
  return `${stepped}.${mac.toString("base64url")}`;
}
