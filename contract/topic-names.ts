/** The bar that SPEC describes. */
export const firstBar = "Serverlesspresso";

/** The MQTT topics of a bar (SPEC section 7). */
export interface TopicNames {
  /** For group `admin` alone. */
  readonly adminTopic: string;
  /** For any client. */
  readonly configTopic: string;
  /** The user's id follows it. */
  readonly userTopicPrefix: string;
}

/** Returns the names of a bar's topics. */
export function topicNamesOf(bar: string): TopicNames {
  const lower = bar.toLowerCase();
  return { adminTopic: `${lower}-admin`, configTopic: `${lower}-config`, userTopicPrefix: `${lower}-user-` };
}
