import { type OperationVerbs, operationsOn } from "@serverlesspresso/aws-service";
import type { Activities } from "../activities.ts";
import type { Engine } from "../engine.ts";
import type { Executions } from "../executions.ts";
import type { Sessions } from "../session.ts";

/** What the operations work on. */
export interface WorkflowCore {
  readonly engine: Engine;
  readonly executions: Executions;
  readonly activities: Activities;
  readonly sessions: Sessions;
}

type Verbs = OperationVerbs<WorkflowCore>;
const verbs = operationsOn<WorkflowCore>();

/** The verbs that make operations. */
export const { wait, write } = verbs;

/** Reads within a transaction see the executions that start in it. */
export const read: Verbs["read"] = (input, run, options) =>
  verbs.read(
    input,
    (core, view, request) => {
      core.sessions.peek(view)?.publish();
      return run(core, view, request);
    },
    options,
  );

/** The same in pages. */
export const list: Verbs["list"] = (input, run, options) =>
  verbs.list(
    input,
    (core, view, request, page) => {
      core.sessions.peek(view)?.publish();
      return run(core, view, request, page);
    },
    options,
  );
