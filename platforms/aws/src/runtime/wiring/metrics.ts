import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { createMetrics } from "../adapters/metrics.ts";
import { createOnce } from "../adapters/once.ts";
import { clientOptions } from "./client-options.ts";
import { dynamodb } from "./dynamodb.ts";

/** The metrics in CloudWatch. */
export const metrics = createMetrics(new CloudWatchClient(clientOptions), createOnce(dynamodb));
