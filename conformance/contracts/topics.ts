/** IoT's data plane's contract. */
import { type IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { expect } from "vitest";
import { eventually } from "../../test/support/api.ts";
import { describeContract, type Place } from "./contract.ts";

/** What the suite needs. */
export interface TopicsTools {
  readonly topics: IoTDataPlaneClient;
  /** The messages of a topic as they come, each as `TOPIC PAYLOAD`. */
  subscribe(topic: string): Promise<readonly string[]>;
}

/** At any endpoint that speaks its protocol. */
export function describeTopicsContract(place: Place<TopicsTools>): void {
  describeContract("topics", place, ({ before, check }) => {
    let topics: TopicsTools["topics"];
    let subscribe: TopicsTools["subscribe"];
    before(async (tools) => {
      ({ topics, subscribe } = tools);
    });

    check("a message is published to a topic", async () => {
      const topic = "serverlesspresso-config";
      const got = await subscribe(topic);
      await topics.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from('{"note":"hello"}') }));
      expect(await eventually("the message", async () => got[0])).toBe(`${topic} {"note":"hello"}`);
      await expect(topics.send(new PublishCommand({ topic: "all/#", payload: Buffer.from("{}") }))).rejects.toMatchObject({
        name: "InvalidRequestException",
      });
    });
  });
}
