/**
 * Which topics of IoT Core a client may listen to, as a policy. Pure.
 *
 * L1. The token alone says who the client is; without one a client receives what anyone may.
 * L2. No client publishes: no policy allows it, and what is not allowed is denied.
 * L3. A topic stands in a policy by its whole name. User id and client id that could mean more than themselves there (`*`, `?`, `$`) get nothing.
 */
import type { TopicBlueprint } from "@serverlesspresso/services/resources.ts";
import type { IoTCustomAuthorizerResult } from "aws-lambda";
import type { AccessToken } from "./access-tokens.ts";

/** The topics, and the client that the policy is for. */
export interface TopicPolicyOptions {
  readonly topics: readonly TopicBlueprint[];
  /** `arn:aws:iot:REGION:ACCOUNT`. */
  readonly arnPrefix: string;
  readonly clientId: string;
  /** Undefined for a client without a token. */
  readonly token: AccessToken | undefined;
  readonly nowMs: number;
}

/** IoT Core's own bounds for a connection's life. */
const shortestSeconds = 300;
const longestSeconds = 86_400;

/** The answer that turns a client away. */
export const refused: IoTCustomAuthorizerResult = {
  isAuthenticated: false,
  principalId: "refused",
  disconnectAfterInSeconds: shortestSeconds,
  refreshAfterInSeconds: shortestSeconds,
  policyDocuments: [],
};

/** The answer to a client whose token, if it has one, has been verified. */
export function topicPolicy({ topics, arnPrefix, clientId, token, nowMs }: TopicPolicyOptions): IoTCustomAuthorizerResult {
  if (!isPlain(clientId) || (token !== undefined && !isPlain(token.sub))) return refused;
  const names = topics.flatMap((topic) => nameFor(topic, token) ?? []);
  const lifeSeconds = token === undefined ? longestSeconds : token.exp - Math.floor(nowMs / 1000);
  const seconds = Math.min(longestSeconds, Math.max(shortestSeconds, lifeSeconds));
  return {
    isAuthenticated: true,
    principalId: token?.sub.replaceAll(/[^A-Za-z0-9]/g, "") ?? "nobody",
    disconnectAfterInSeconds: seconds,
    refreshAfterInSeconds: seconds,
    policyDocuments: [
      {
        Version: "2012-10-17",
        Statement: [
          allow("iot:Connect", [`${arnPrefix}:client/${clientId}`]),
          allow(
            "iot:Subscribe",
            names.map((name) => `${arnPrefix}:topicfilter/${name}`),
          ),
          allow(
            "iot:Receive",
            names.map((name) => `${arnPrefix}:topic/${name}`),
          ),
        ],
      },
    ],
  };
}

/** L1. */
function nameFor({ name, subscribers }: TopicBlueprint, token: AccessToken | undefined): string | undefined {
  if (subscribers === "anyone") return name;
  if (token === undefined) return undefined;
  if (subscribers === "admin") return token.groups.includes("admin") ? name : undefined;
  return name.replace("{userId}", () => token.sub);
}

function allow(Action: string, Resource: string[]) {
  return { Effect: "Allow", Action, Resource } as const;
}

/** L3. */
function isPlain(id: string): boolean {
  return /^[\w-]{1,128}$/.test(id);
}
