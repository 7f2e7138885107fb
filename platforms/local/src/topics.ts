import type { TopicBlueprint } from "@serverlesspresso/blueprint";
import type { ClientIdentity } from "@serverlesspresso/topics";

/** Who may listen to what, by the blueprint. Names are compared whole: a user id that looks like a filter names that user's topic and no more. */
export function createTopicRights(blueprints: readonly TopicBlueprint[]): (identity: ClientIdentity | undefined, topic: string) => boolean {
  return (identity, topic) =>
    blueprints.some(({ name, subscribers }) => {
      if (subscribers === "anyone") return topic === name;
      if (identity === undefined) return false;
      if (subscribers === "admin") return topic === name && identity.groups.includes("admin");
      return topic === name.replace("{userId}", () => identity.sub);
    });
}
