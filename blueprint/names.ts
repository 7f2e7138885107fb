/** The fixed names of the system (SPEC section 2). Services are given these; nothing else spells them out. */
export const names = {
  configTable: "serverlesspresso-config-table",
  countingTable: "serverlesspresso-counting-table",
  orderTable: "serverlesspresso-order-table",
  validatorTable: "serverlesspresso-validator-table",
  metricsTable: "serverlesspresso-metrics-table",
  ordersByState: "by-state",
  ordersByUser: "by-user",
  eventSource: "awsserverlessda.serverlesspresso",
  adminTopic: "serverlesspresso-admin",
  configTopic: "serverlesspresso-config",
  userTopicPrefix: "serverlesspresso-user-",
  metricsNamespace: "Serverlesspresso",
} as const;

export const busName = "Serverlesspresso";
export const eventLogGroup = "/aws/events/serverlesspressoEventBus";
export const deadLetterQueue = "Serverlesspresso-DLQ";
export const dashboardName = "Serverlesspresso_Metrics";
