import type { Blueprint } from "@serverlesspresso/blueprint";
import { Duration } from "aws-cdk-lib";
import { Archive, EventBus } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";

/** How long events can be replayed. */
const archivedDays = 30;

/** Creates the blueprint's bus and an archive of all events of its source. */
export function createEventBus(scope: Construct, { name, source }: Blueprint["bus"]): EventBus {
  const bus = new EventBus(scope, "Bus", { eventBusName: name, description: "What the shop's services tell one another" });
  new Archive(scope, "Archive", {
    sourceEventBus: bus,
    archiveName: `${name}-archive`,
    eventPattern: { source: [source] },
    retention: Duration.days(archivedDays),
  });
  return bus;
}
