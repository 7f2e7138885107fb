import { SFNClient } from "@aws-sdk/client-sfn";
import { createStates } from "../adapters/states.ts";
import { readEnvironment } from "../environment.ts";
import { clientOptions } from "./client-options.ts";

const { ORDER_PROCESSOR_ARN } = readEnvironment(["ORDER_PROCESSOR_ARN"]);

/** Step Functions for what starts the order processor, the only state machine that a function starts. */
export const states = createStates({ sfn: new SFNClient(clientOptions), arnOf: () => ORDER_PROCESSOR_ARN });
