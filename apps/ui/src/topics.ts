import { firstBar, topicNamesOf } from "@serverlesspresso/contract";

/** The topics that the apps subscribe to. */
export const topics = topicNamesOf(firstBar);
