import { vi } from "vitest";
import type { Front, OpenFront } from "../../support/bar.ts";
import { attachFunctions } from "./attach-functions.ts";
import { loadFunctions } from "./functions.ts";
import { startGatewayServer } from "./gateway-server.ts";

/**
 * A bar whose API is API Gateway before Lambda's bundles, and whose functions are Lambda's: the engines alone are the local ones.
 * The bundles run in this process, by the bar's clock.
 * @see putBefore
 */
export const openLambdaFront: OpenFront = async ({ clock, platform: first, dataFolder }): Promise<Front> => {
  let platform = first;
  const { pool } = first.identities;
  const followClock = (): void => void vi.setSystemTime(clock.nowMs());
  vi.useFakeTimers({ toFake: ["Date"], now: clock.nowMs() });
  const gateway = await startGatewayServer({
    platform: () => platform,
    invoke: (name, event) => functions.invoke(name, event),
    nowMs: clock.nowMs,
    beforeEach: followClock,
  });
  const aws = { url: gateway.url, issuer: pool.issuer(), dataFolder, userPoolId: pool.poolId, clientId: pool.clientId };
  const functions = loadFunctions(aws, followClock);
  return {
    url: gateway.url,
    attach(started) {
      platform = started;
      return attachFunctions(started, functions);
    },
    idle: functions.idle,
    async close() {
      vi.useRealTimers();
      await gateway.close();
    },
  };
};
