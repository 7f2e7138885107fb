export { createMqttClient, type MqttClient, type Socket, type Subscription } from "./client.ts";
