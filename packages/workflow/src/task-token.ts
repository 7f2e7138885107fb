/**
 * Task tokens: a locator of the execution and its wait, under a message authentication code.
 *
 * K1. A token cannot be guessed or made from another: its code is 192 bits long, made under 256 random bits of this installation.
 * K2. A token names its wait by itself; no index is kept. The same wait always has the same token.
 * K3. Codes are compared in constant time.
 *
 * The code is HMAC's construction over SHA-256 (nested hashing under two keys of one block each), in two one-shot calls:
 * `createHmac` makes an object for each code, which costs several times as much on the hot path.
 */
import { hash, timingSafeEqual } from "node:crypto";
import type { Ids } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { WorkflowError } from "./errors.ts";
import type { TaskReference } from "./integration.ts";
import { keys } from "./keys.ts";

/** What a token begins with, as AWS's do: a code may begin with "-", which a command line takes for an option. */
const mark = "A";
/** In base64url: 192 bits. */
const codeLength = 32;

/** Makes and checks task tokens. */
export interface TaskTokens {
  /** Makes the installation's key on first use: outside of work that may be rolled back and repeated, so that earlier tokens stay valid. */
  prepare(tx: Transaction): void;
  /** The token of one wait. */
  tokenOf(tx: Transaction, reference: TaskReference): string;
  /** @throws {WorkflowError} `InvalidToken` */
  read(view: ReadView, token: string): TaskReference;
}

type CodeMaker = (locator: string) => string;

const mostMade = 4_000;

/** Returns the task tokens of one installation; `prepare` makes or reads its key. */
export function createTaskTokens(ids: Ids): TaskTokens {
  let known: CodeMaker | undefined;

  function makerFrom(view: ReadView): CodeMaker | undefined {
    if (known !== undefined) return known;
    const stored = view.get<string>(keys.tokenKey());
    return stored === undefined ? undefined : (known = codeMaker(stored));
  }

  function makeKey(tx: Transaction): CodeMaker {
    const secret = ids.secret(256);
    tx.put(keys.tokenKey(), secret);
    tx.onUndo(() => {
      known = undefined;
    });
    return (known = codeMaker(secret));
  }

  const makerOf = (tx: Transaction): CodeMaker => makerFrom(tx) ?? makeKey(tx);

  return {
    prepare: (tx) => void makerOf(tx),
    tokenOf(tx, { executionId, wait }) {
      const codeOf = makerOf(tx);
      const locator = `${executionId}:${wait}`;
      return mark + codeOf(locator) + Buffer.from(locator).toString("base64url");
    },
    read(view, token) {
      const codeOf = makerFrom(view);
      const codeEnd = mark.length + codeLength;
      const locator = Buffer.from(token.slice(codeEnd), "base64url").toString();
      const at = locator.lastIndexOf(":");
      if (codeOf === undefined || at < 0 || !isSame(token.slice(0, codeEnd), mark + codeOf(locator))) {
        throw new WorkflowError("InvalidToken", "Invalid Token: 'Invalid token'");
      }
      return { executionId: locator.slice(0, at), wait: Number(locator.slice(at + 1)) };
    },
  };
}

function codeMaker(secret: string): CodeMaker {
  // 64 characters each: exactly one block of SHA-256.
  const [inner, outer] = [hash("sha256", `inner ${secret}`, "hex"), hash("sha256", `outer ${secret}`, "hex")];
  // What was made is asked for again when its token comes back.
  const made = new Map<string, string>();
  return (locator) => {
    const known = made.get(locator);
    if (known !== undefined) return known;
    const code = hash("sha256", outer + hash("sha256", inner + locator, "base64url"), "base64url").slice(0, codeLength);
    if (made.size >= mostMade) made.clear();
    made.set(locator, code);
    return code;
  };
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
