/** The operations behind the local platform's wire, wired as the server wires them, for adapters that answer cases of AWS's calls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@serverlesspresso/ports";
import { createAwsServices } from "../platforms/local/src/aws/services.ts";
import { startPlatform } from "../platforms/local/src/platform.ts";

/** AWS's answer to a call, or its refusal. */
export type Answer = { readonly answer: JsonObject } | { readonly refusal: { readonly code: string; readonly message: string } };

export interface LocalServices {
  /** `service` as in `X-Amz-Target`: `AWSStepFunctions`. Never rejects; a failure without AWS's code becomes a `refusal` with code "". */
  call(service: string, operation: string, request: JsonObject): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a shop of its own in a folder that goes with it. */
export async function openLocalServices(): Promise<LocalServices> {
  const dataFolder = mkdtempSync(join(tmpdir(), "conformance-"));
  const platform = await startPlatform({ dataFolder, adminEmail: "bar@example.com", adminPassword: "correct horse battery staple 9" });
  const services = createAwsServices({ engines: platform, pool: platform.identities.pool, topics: platform.broker, onError() {} });
  const caller = { origin: platform.url, address: "127.0.0.1", signal: new AbortController().signal };
  return {
    async call(service, operation, request) {
      try {
        const found = services.get(service);
        if (found === undefined) throw new RangeError(`There is no service ${service}`);
        return { answer: await found.call(operation, request, caller) };
      } catch (error) {
        const { code = "", message } = error as Error & { readonly code?: string };
        return { refusal: { code, message } };
      }
    },
    async close() {
      await platform.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
