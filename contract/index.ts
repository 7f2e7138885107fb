/**
 * The facts of the system, each stated once: what both the server and the apps know.
 * Nothing here imports zod, so that an app can import it; the schemas stand beside it in `api`, `events` and `ids`.
 */
export {
  type ConfigField,
  type ConfigFieldName,
  type ConfigUnit,
  configFieldNames,
  configFields,
  configSentences,
  configValue,
} from "./config-fields.ts";
export { displayText, invisiblePattern, withoutInvisible } from "./display-text.ts";
export type { DetailType } from "./events/catalogue.ts";
export { type Names, names, namesOf, physicalName } from "./names.ts";
export {
  finalStates,
  isFinal,
  type OrderActionName,
  type OrderState,
  type OrderTransition,
  openStates,
  orderActions,
  orderEndings,
  orderStates,
} from "./order.ts";
export { mostOrdersPerPage } from "./paging.ts";
export { type Problem, type ProblemSlug, problem, problemType, problemTypes } from "./problems.ts";
export { firstBar, type TopicNames, topicNamesOf } from "./topic-names.ts";
