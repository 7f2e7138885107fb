/** IoT's data plane: messages to topics over HTTP. */
import { type AwsService, AwsServiceError, absent, asGiven, defineAwsService, operationsOn } from "@serverlesspresso/aws-service";
import type { JsonObject, Topics } from "@serverlesspresso/ports";
import { BrokerClosed } from "./broker-closed.ts";

const { wait } = operationsOn<Topics>();
const mostBytes = 256;
const mostLevels = 8;

/** @see https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html */
export const iotData: AwsService<Topics> = defineAwsService({
  name: "IoT data plane",
  target: "IotData",
  signingNames: ["iotdata", "iotdevicegateway"],
  sdk: { service: "iotdataplane", errors: "IotDataPlane" },
  protocol: "rest-json",
  isCamelCase: true,
  mostBytes: 128 * 1024,
  errors: {
    invalid: ({ message }) => invalidRequest(message),
    // The shop's topics carry nothing else.
    notJson: (reason) => invalidRequest(`The payload must be JSON: ${reason}`),
    statuses: { ServiceUnavailableException: 503 },
  },
  operations: {
    Publish: wait(asGiven, publish, {
      http: { method: "POST", path: "/topics/{topic+}", payload: "payload", needsPayload: true, answer: { fixed: { message: "OK" } } },
    }),
    ...absent("no message is retained", ["GetRetainedMessage", "ListRetainedMessages"]),
    ...absent("there are no things, so that none has a shadow", [
      "DeleteThingShadow",
      "GetThingShadow",
      "ListNamedShadowsForThing",
      "UpdateThingShadow",
    ]),
    ...absent("a connection is the broker's own: no call sees or ends one", ["DeleteConnection", "GetConnection", "ListSubscriptions"]),
    ...absent("messages go to topics, not to clients", ["SendDirectMessage"]),
  },
});

async function publish(topics: Topics, { topic = "", payload = null }: JsonObject): Promise<JsonObject> {
  const isTopic = typeof topic === "string" && /^[^#+\u0000$][^#+\u0000]*$/.test(topic) && Buffer.byteLength(topic) <= mostBytes;
  if (!isTopic || topic.split("/").length > mostLevels) throw invalidRequest("The topic is not one to publish to");
  try {
    await topics.publish(topic, payload);
  } catch (error) {
    // A call may come in the moment in which the process ends; it is no fault of it.
    if (error instanceof BrokerClosed) throw new AwsServiceError("ServiceUnavailableException", "The service is unavailable");
    throw error;
  }
  return {};
}

function invalidRequest(message: string): AwsServiceError {
  return new AwsServiceError("InvalidRequestException", message);
}
