/** What the services are told of the blueprint: the names of what they work with. */
export interface ServiceNames {
  readonly configTable: string;
  readonly countingTable: string;
  readonly orderTable: string;
  readonly validatorTable: string;
  readonly metricsTable: string;
  readonly ordersByState: string;
  readonly ordersByUser: string;
  readonly eventSource: string;
  readonly adminTopic: string;
  readonly configTopic: string;
  /** The user's id follows it. */
  readonly userTopicPrefix: string;
  readonly metricsNamespace: string;
}
