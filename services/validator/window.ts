/**
 * The QR code's windows.
 *
 * Q1. A window is `barcodeMinutes` long and aligned to the epoch; its number is the epoch's minutes divided by its length.
 * Q2. Start, end and number of drinks are stored with its code when the window is first asked for. Changed figures count from the next one.
 * Q3. A code is the window's number and a secret of 128 bits: the number finds the item, the secret is compared in constant time.
 * Q4. A code read at its window's end may be spent for 30 s more, and takes from its own window. Codes that change: `sub-code.ts`.
 */
import type { Item } from "@serverlesspresso/ports";
import { z } from "zod";

const graceMs = 30_000;
/** The size of the secret in a window's code, in bits. */
export const secretBits = 128;
const keptMs = 86_400_000;

/** A window of the QR code, from `startMs` to `endMs`, in ms since 1970. */
export interface Window {
  /** Its number as text: the key. */
  readonly number: string;
  readonly startMs: number;
  readonly endMs: number;
}
/** A window as its item holds it: with its code and the tokens that are left. */
export interface StoredWindow extends Window {
  readonly code: string;
  readonly availableTokens: number;
  /** Where its codes change: the secret behind them, and until when the plain code is good that was shown before. */
  readonly subCodes: { readonly secret: string; readonly plainUntilMs: number | undefined } | undefined;
}

/** The window that `nowMs` lies in. */
export function windowAt(nowMs: number, barcodeMinutes: number): Window {
  const lengthMs = barcodeMinutes * 60_000;
  const number = Math.floor(nowMs / lengthMs);
  return { number: String(number), startMs: number * lengthMs, endMs: (number + 1) * lengthMs };
}

/** Returns whether its codes may still be spent (Q4). */
export function isSpendable(window: Window, nowMs: number): boolean {
  return nowMs < window.endMs + graceMs;
}

/** The code of a window (Q3). */
export function codeOf(window: Window, secret: string): string {
  return `${Number(window.number).toString(36)}.${secret}`;
}

/** The item of a new window. `drinks` is its size, never exceeded. */
export function windowItem(window: Window, code: string, drinks: number, subCodeSecret: string | undefined): Item {
  return {
    PK: window.number,
    code,
    startMs: window.startMs,
    endMs: window.endMs,
    drinks,
    availableTokens: drinks,
    expiresAt: keptUntil(window),
    ...(subCodeSecret !== undefined && { subCodeSecret }),
  };
}

/** Until when what belongs to a window is kept, in seconds. */
export const keptUntil = ({ endMs }: Window): number => Math.ceil((endMs + keptMs) / 1000);

const Stored = z.object({
  PK: z.string(),
  code: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  availableTokens: z.number(),
  subCodeSecret: z.string().optional(),
  isPlain: z.boolean().optional(),
  plainUntilMs: z.number().optional(),
});

/** Reads a window's item. @throws {z.ZodError} for an item that is no window */
export function parseWindow(item: Item): StoredWindow {
  const { PK: number, subCodeSecret: secret, isPlain = false, plainUntilMs, ...same } = Stored.parse(item);
  return { number, ...same, subCodes: secret === undefined || isPlain ? undefined : { secret, plainUntilMs } };
}
