/** The event catalogue (docs/spec.md section 3): every event that stands on a bus, what its detail holds and who emits it. */
export { catalogue, type DetailType, findEvent } from "./catalogue.ts";
export { ConfigChanged } from "./config-service.ts";
export { type DetailOf, type DetailShape, defineEvent, type EventDefinition } from "./define-event.ts";
export { entryOf } from "./entry.ts";
export { EventError, type EventErrorCode } from "./event-error.ts";
export { MakeOrder, OrderAnnounced, OrderCancelled, OrderCompleted, WaitingCompletion } from "./order-manager.ts";
export { AwaitingCompletion, OrderFinished, OrderTimeOut, ShopUnavailable, WorkflowStarted } from "./order-processor.ts";
export { parseDetail, parseEvent, type ReceivedEvent, type ReceivedOf } from "./parse-event.ts";
export { ExecutionStatusChange } from "./step-functions.ts";
export { NewOrder } from "./validator.ts";
