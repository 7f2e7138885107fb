import type { FunctionBlueprint, FunctionName, ServiceName } from "./types.ts";

const small = { memoryMb: 256, timeoutSeconds: 30 } as const;
const patient = { memoryMb: 256, timeoutSeconds: 60 } as const;

function of(service: ServiceName, name: FunctionName, description: string, size: typeof small | typeof patient = small): FunctionBlueprint {
  return { name, service, description, ...size };
}

/** Every function, by the service that holds its handler. */
export const functions: readonly FunctionBlueprint[] = [
  of("validator", "GetCode", "answers the current window's code, making it where nobody has yet"),
  of("validator", "SpendToken", "spends one of a window's tokens and makes the order"),
  of("validator", "NewOrder", "on the order table's stream: tells the bus of each new order"),
  of("order-processor", "WorkflowStarted", "stores the first task token, or makes an order whose event was put on the bus by hand"),
  of("order-processor", "WaitingCompletion", "stores order number and second task token, then tells the bus"),
  of("order-processor", "OrderTimedOut", "closes an order that was refused or timed out"),
  of("order-processor", "OrderFinished", "closes an order whose workflow was resumed by hand"),
  of("order-processor", "OrderWorkflowEnded", "closes an order whose workflow failed, was stopped or ran out of time"),
  of("order-manager", "SanitizeOrder", "checks a chosen drink against the menu"),
  of("order-manager", "GetOrders", "lists orders, newest first"),
  of("order-manager", "GetOrder", "answers one order"),
  of("order-manager", "GetMyOrders", "lists the caller's orders, newest first"),
  of("config", "GetConfig", "answers shop state, limits and menu"),
  of("config", "PutStore", "opens or closes the shop"),
  of("config", "PutConfig", "changes limits"),
  of("config", "PutMenu", "changes the menu"),
  of("config", "ConfigChanged", "on the config table's stream: tells the bus of each change"),
  of("config", "EndPause", "opens the shop again when a pause is over"),
  of("counting", "GetOrderCount", "answers the last order number given"),
  of("publisher", "PublishAdmin", "publishes events for baristas, displays and operators"),
  of("publisher", "PublishUser", "publishes a guest's own events"),
  of("publisher", "PublishConfig", "publishes changes of shop state, limits and menu"),
  of("metrics", "MetricsDynamoDB", "counts events in the metrics table", patient),
  of("metrics", "MetricsCloudwatch", "counts drinks in CloudWatch metrics", patient),
  of("metrics", "EventsLoadTest", "emits 500 events, as if 500 orders waited for completion", patient),
];
