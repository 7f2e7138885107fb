export { createMqttClient, type MqttClient, type MqttOptions, type Socket, type Subscription } from "./client.ts";
