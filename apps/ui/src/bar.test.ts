import { topicNamesOf } from "@serverlesspresso/contract";
import { expect, test } from "vitest";
import { barIn } from "./bar.ts";
import { staffTopics } from "./board.ts";

test.each([
  {
    name: "the topics are those of the bar that the settings name",
    settings: { bar: "another" },
    topics: ["another-admin", "another-config"],
  },
  { name: "without a name they are the first bar's", settings: {}, topics: ["serverlesspresso-admin", "serverlesspresso-config"] },
  { name: "what is no text is no name", settings: { bar: null }, topics: ["serverlesspresso-admin", "serverlesspresso-config"] },
])("$name", ({ settings, topics }) => expect(staffTopics(topicNamesOf(barIn(settings)))).toEqual(topics));
