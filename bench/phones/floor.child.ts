/**
 * `PORT CONFIG ORDERS`: a bare server that takes the same bytes and answers with the same frames, and knows nothing: no token is verified, nothing is kept.
 * The parent's word is a payload of MQTT to send to every link.
 */
import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";

const [port, config, orders] = process.argv.slice(2);
const connack = Buffer.from([0x20, 2, 0, 0]);
const suback = Buffer.from([0x90, 4, 0, 1, 1, 1]);
const links = new Set<WebSocket>();

const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(request.url === "/config" ? config : orders);
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (socket) => {
  links.add(socket);
  socket.on("close", () => links.delete(socket));
  socket.on("message", (data: Buffer) => {
    const type = (data[0] as number) >> 4;
    if (type === 1) socket.send(connack);
    else if (type === 8) socket.send(suback);
  });
});
process.on("message", (packet: string) => {
  const bytes = Buffer.from(packet, "base64");
  for (const socket of links) socket.send(bytes);
});
process.on("disconnect", () => process.exit(0));
server.listen({ port: Number(port), host: "127.0.0.1", backlog: 4_096 }, () => process.send?.("listens"));
