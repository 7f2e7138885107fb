/** Amazon's own client, calling a pool of this process. */
import type { JsonObject } from "@serverlesspresso/ports";
import { AuthenticationDetails, CognitoUser, CognitoUserPool, type CognitoUserSession } from "amazon-cognito-identity-js";
import { vi } from "vitest";
import type { TestPool } from "./testing.ts";

/** Amazon's own client against a pool of a test. */
export interface SrpClient {
  /** Signs in by SRP. Rejects with what the pool said; resolves with "NEW_PASSWORD_REQUIRED" where it asks for one. */
  enter(username: string, password: string): Promise<CognitoUserSession | "NEW_PASSWORD_REQUIRED">;
  /** All that was sent and answered, oldest first. */
  readonly calls: readonly { readonly operation: string; readonly request: JsonObject; readonly answer: JsonObject }[];
}

/** @param sourceAddress where its calls come from @param metadata what they have in `ClientMetadata` */
export function openSrpClient(t: Pick<TestPool, "pool" | "call">, sourceAddress: string, metadata: Record<string, string> = {}): SrpClient {
  const calls: { operation: string; request: JsonObject; answer: JsonObject }[] = [];

  async function answer(_: unknown, { headers, body }: { headers: Record<string, string>; body: string }): Promise<Response> {
    const operation = headers["X-Amz-Target"]?.split(".")[1] ?? "";
    const request = JSON.parse(body) as JsonObject;
    try {
      const told = await t.call(operation, request, sourceAddress);
      calls.push({ operation, request, answer: told });
      return Response.json(told);
    } catch (error) {
      const { name, message } = error as Error;
      calls.push({ operation, request, answer: { __type: name, message } });
      return Response.json({ __type: name, message }, { status: 400 });
    }
  }

  return {
    calls,
    async enter(Username, Password) {
      vi.stubGlobal("fetch", answer);
      const kept = new Map<string, string>();
      const Storage = {
        setItem: (key: string, value: string) => void kept.set(key, value),
        getItem: (key: string) => kept.get(key) ?? null,
        removeItem: (key: string) => void kept.delete(key),
        clear: () => kept.clear(),
      };
      const Pool = new CognitoUserPool({ UserPoolId: t.pool.poolId, ClientId: t.pool.clientId, Storage });
      const details = new AuthenticationDetails({ Username, Password, ClientMetadata: metadata });
      try {
        return await new Promise((resolve, reject) => {
          new CognitoUser({ Username, Pool, Storage }).authenticateUser(details, {
            onSuccess: resolve,
            onFailure: reject,
            newPasswordRequired: () => resolve("NEW_PASSWORD_REQUIRED"),
          });
        });
      } finally {
        vi.unstubAllGlobals();
      }
    },
  };
}
