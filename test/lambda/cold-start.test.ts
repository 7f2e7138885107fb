/** A function that was not given what it needs fails at its cold start, and says what is missing. */
import { expect, test } from "vitest";
import { runtimeFunctions } from "../../platforms/aws/src/runtime/functions.ts";
import { bundleOf } from "./support/bundles.ts";
import { startRuntime } from "./support/runtime-api.ts";
import { chooseRuntimeClient } from "./support/runtime-client.ts";

const client = chooseRuntimeClient();

test.each(runtimeFunctions.filter(({ environment }) => environment.length > 0).map(({ name, environment }) => ({ name, environment })))(
  "$name",
  async ({ name, environment }) => {
    const bundle = await bundleOf(name);
    const runtime = await startRuntime({
      client,
      name,
      bundle,
      memoryMb: 256,
      timeoutSeconds: 3,
      environment: { AWS_REGION: "us-east-1" },
    });
    const missing = `the environment variable ${environment[0]} is missing`;
    await expect(runtime.invoke({})).rejects.toMatchObject({ name: "EnvironmentError", message: expect.stringContaining(missing) });
    await expect(runtime.invoke({})).rejects.toThrow(`${name}: `);
    await runtime.stop();
  },
);
