import { IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { createTopics } from "../adapters/topics.ts";
import { clientOptions } from "./client-options.ts";

/** The topics in IoT Core. */
export const topics = createTopics(new IoTDataPlaneClient(clientOptions));
