/**
 * Task tokens: a locator of the execution and its wait, under a message authentication code.
 *
 * K1. A token cannot be guessed or made from another: its code is 192 bits of HMAC-SHA-256 under 256 random bits of this installation.
 * K2. A token names its wait by itself; no index is kept. The same wait always has the same token.
 * K3. Codes are compared in constant time.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Ids } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { WorkflowError } from "./errors.ts";
import type { TaskReference } from "./integration.ts";
import { keys } from "./keys.ts";

const codeBytes = 24;

export interface TaskTokens {
  /** The token of one wait. Makes the installation's key where there is none yet. */
  tokenOf(tx: Transaction, reference: TaskReference): string;
  /** @throws {WorkflowError} `InvalidToken` */
  read(view: ReadView, token: string): TaskReference;
}

export function createTaskTokens(ids: Ids): TaskTokens {
  let known: KeyObject | undefined;

  function keyFrom(view: ReadView): KeyObject | undefined {
    if (known !== undefined) return known;
    const stored = view.get<string>(keys.tokenKey());
    return stored === undefined ? undefined : (known = keyOf(stored));
  }

  function makeKey(tx: Transaction): KeyObject {
    const secret = ids.secret(256);
    tx.put(keys.tokenKey(), secret);
    tx.onUndo(() => {
      known = undefined;
    });
    return (known = keyOf(secret));
  }

  return {
    tokenOf(tx, { executionId, wait }) {
      const locator = Buffer.from(`${executionId}:${wait}`);
      return Buffer.concat([codeOf(keyFrom(tx) ?? makeKey(tx), locator), locator]).toString("base64url");
    },
    read(view, token) {
      const bytes = Buffer.from(token, "base64url");
      const key = keyFrom(view);
      const locator = bytes.subarray(codeBytes);
      if (key === undefined || locator.length === 0 || !timingSafeEqual(bytes.subarray(0, codeBytes), codeOf(key, locator))) {
        throw new WorkflowError("InvalidToken", "Invalid Token: 'Invalid token'");
      }
      const text = locator.toString();
      const at = text.lastIndexOf(":");
      return { executionId: text.slice(0, at), wait: Number(text.slice(at + 1)) };
    },
  };
}

/** Made once: from bytes, each code would take five times as long. */
function keyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, "base64url"));
}

function codeOf(key: KeyObject, locator: Buffer): Buffer {
  return createHmac("sha256", key).update(locator).digest().subarray(0, codeBytes);
}
