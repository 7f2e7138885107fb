export { type Broker, type BrokerOptions, createBroker, type UpgradeSource } from "./broker.ts";
export type { ClientIdentity } from "./connection.ts";
export { iotData } from "./iot-data.ts";
export { type BrokerLimits, defaultLimits } from "./limits.ts";
