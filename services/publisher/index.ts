import type { Deps } from "../shared/deps.ts";
import { publishTo, publishUser } from "./publish.ts";

/** The publisher: events on their way to phones, tablets and displays. */
export function createPublisher(deps: Deps) {
  return {
    PublishAdmin: publishTo(deps, deps.names.adminTopic),
    PublishUser: publishUser(deps),
    PublishConfig: publishTo(deps, deps.names.configTopic),
  };
}
