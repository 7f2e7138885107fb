/**
 * AWS's own runtime client for Node, the one that runs in Lambda, for tests and measurements alone: where `npm run runtime-client` built it.
 *
 * R1. Its native part asks Node for nothing but Node-API, so one build does for every Node; system and processor tell builds apart.
 * R2. No test builds it. It takes a compiler and a minute, so it is built on request.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export const archive = { name: "aws-lambda-ric", version: "4.0.2" } as const;
export const cache = process.env.AWS_LAMBDA_RIC_CACHE ?? join(homedir(), ".cache", "serverlesspresso");
export const installed = join(cache, `${archive.name}-${archive.version}-${process.platform}-${process.arch}`);

/** What to run with Node. */
export const awsLambdaRic = join(installed, "index.mjs");

/** Says why it cannot run here; undefined when it can. */
export function awsLambdaRicMissing(): string | undefined {
  if (!existsSync(awsLambdaRic)) return "`npm run runtime-client` builds it, in about a minute";
  // Built on another system, perhaps, that shares the cache with this one.
  const load = `require(${JSON.stringify(join(installed, "rapid-client.node"))})`;
  const env = { ...process.env, AWS_LAMBDA_RUNTIME_API: "127.0.0.1:1" };
  return spawnSync(process.execPath, ["-e", load], { env }).status === 0 ? undefined : `what is in ${installed} does not load here`;
}
