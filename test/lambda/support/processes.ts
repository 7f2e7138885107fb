import { runtimeFunctions } from "../../../platforms/aws/src/runtime/functions.ts";
import { bundleOf } from "./bundles.ts";
import type { LambdaFunctions } from "./functions.ts";
import { type Observer, startObserver } from "./observed-calls.ts";
import { type Runtime, startRuntime } from "./runtime-api.ts";
import type { RuntimeClient } from "./runtime-client.ts";

/** Functions in processes of their own, each with the bundle and the environment of a deployment. */
export interface Processes extends Pick<LambdaFunctions, "invoke"> {
  /** What each has asked of AWS so far, by function. */
  rights(): ReadonlyMap<string, ReadonlySet<string>>;
  /** What the clients that run them call themselves. */
  userAgents(): ReadonlySet<string | undefined>;
  /** What all of them wrote. */
  output(): string;
  stop(): Promise<void>;
}

interface Started {
  readonly runtime: Runtime;
  readonly observer: Observer;
}

/** @param client what runs each @param awsPort where AWS's calls are answered @param environment beside the variables that name a function's own */
export function createProcesses(client: RuntimeClient, awsPort: number, environment: Readonly<Record<string, string>>): Processes {
  const started = new Map<string, Promise<Started>>();

  async function start(name: string): Promise<Started> {
    const fn = runtimeFunctions.find((one) => one.name === name);
    if (fn === undefined) throw new RangeError(`no function "${name}"`);
    const observer = await startObserver(awsPort);
    const common = ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "USER_POOL_ISSUER", "POWERTOOLS_SERVICE_NAME", "LOG_LEVEL"];
    // Its own variables alone: one that functions.ts does not name is not there.
    const variables = Object.fromEntries([...common, ...fn.environment].map((variable) => [variable, environment[variable] ?? ""]));
    const runtime = await startRuntime({
      client,
      name,
      bundle: await bundleOf(name),
      memoryMb: fn.memoryMb,
      timeoutSeconds: fn.timeoutSeconds,
      environment: { ...variables, AWS_ENDPOINT_URL: observer.url },
    });
    return { runtime, observer };
  }

  const ready = new Map<string, Started>();
  return {
    async invoke(name, event) {
      const starting = started.get(name) ?? start(name);
      started.set(name, starting);
      const one = await starting;
      ready.set(name, one);
      return one.runtime.invoke(event);
    },
    rights: () => new Map([...ready].map(([name, { observer }]) => [name, observer.rights])),
    userAgents: () => new Set([...ready.values()].map(({ runtime }) => runtime.userAgent())),
    output: () => [...ready.values()].map(({ runtime }) => runtime.output()).join("\n"),
    async stop() {
      for (const { runtime, observer } of await Promise.all(started.values())) {
        await runtime.stop();
        await observer.close();
      }
    },
  };
}
