/** IoT Core's custom authorizer. The apps send the access token as MQTT's password; without one they receive what anyone may. */
import { service as publisher } from "@serverlesspresso/services/publisher/service.ts";
import type { IoTCustomAuthorizerEvent, IoTCustomAuthorizerResult } from "aws-lambda";
import { clock, declarationOf } from "../base.ts";
import { readEnvironment, readOptional } from "../environment.ts";
import type { LambdaHandler } from "../event-handler.ts";
import { createAccessTokens } from "../live/access-tokens.ts";
import { refused, topicPolicy } from "../live/topic-policy.ts";
import { logger } from "../log.ts";

const { USER_POOL_ID, USER_POOL_CLIENT_ID } = readEnvironment(["USER_POOL_ID", "USER_POOL_CLIENT_ID"]);
const region = USER_POOL_ID.split("_")[0];
const issuer = readOptional("USER_POOL_ISSUER") ?? `https://cognito-idp.${region}.amazonaws.com/${USER_POOL_ID}`;
const { topics = [] } = declarationOf(publisher);
const verify = createAccessTokens({ issuer, clientId: USER_POOL_CLIENT_ID, clock });

/**
 * Returns the policy of the topics that the client may subscribe to.
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/config-custom-auth.html
 */
export const handler: LambdaHandler<IoTCustomAuthorizerEvent, IoTCustomAuthorizerResult> = async ({ protocolData }, context) => {
  logger.addContext(context);
  const { clientId = "", password = "" } = protocolData.mqtt ?? {};
  const text = Buffer.from(password, "base64").toString("utf8");
  try {
    const token = text === "" ? undefined : await verify(text);
    return topicPolicy({ topics, arnPrefix: arnPrefixOf(context.invokedFunctionArn), clientId, token, nowMs: clock.nowMs() });
  } catch (error) {
    logger.info("a client was turned away", { reason: (error as Error).message });
    return refused;
  }
};

/** IoT Core is in the function's own account and region. */
function arnPrefixOf(functionArn: string): string {
  const [, partition, , functionRegion, account] = functionArn.split(":");
  return `arn:${partition}:iot:${functionRegion}:${account}`;
}
