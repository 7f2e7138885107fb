import { firstBar, topicNamesOf } from "@serverlesspresso/contract";

/** The topics that the apps hear. */
export const topics = topicNamesOf(firstBar);
