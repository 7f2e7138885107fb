import { SFNClient } from "@aws-sdk/client-sfn";
import { createTasks } from "../adapters/tasks.ts";
import { clientOptions } from "./client-options.ts";

/** Step Functions, for the tasks that wait with a token. */
export const tasks = createTasks({ sfn: new SFNClient(clientOptions) });
