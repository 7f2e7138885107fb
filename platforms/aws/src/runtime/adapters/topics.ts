import { type IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import type { Topics } from "@serverlesspresso/ports";

/** Serves `ports/topics.ts` from IoT Core: QoS 1, not retained. */
export function createTopics(iot: Pick<IoTDataPlaneClient, "send">): Topics {
  return {
    async publish(topic, payload) {
      await iot.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from(JSON.stringify(payload)) }));
    },
  };
}
