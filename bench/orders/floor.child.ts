/** The floor's server: each call is one durable write of so many bytes, and is answered as a bar answered it. Sends its port to its parent. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { keyOf, openStore } from "@serverlesspresso/store";
import type { FloorOrder, FloorReady } from "./floor.ts";

process.once("message", async ({ folder, bytesPerCall, bodies }: FloorOrder) => {
  const store = await openStore({ folder, onFailure: (error) => console.error(error) });
  // What an order leaves is counted as it is stored, so this must not become less by compression.
  const value = randomBytes(Math.ceil((bytesPerCall * 3) / 4)).toString("base64");
  const texts = Object.fromEntries(Object.entries(bodies).map(([call, body]) => [call, JSON.stringify(body)]));
  let writes = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (chunks.length > 0) JSON.parse(Buffer.concat(chunks).toString());
    await store.transact((tx) => tx.put(keyOf("raw", writes++), value));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(texts[callOf(request.url ?? "")] ?? "{}");
  });
  server.listen(0, "127.0.0.1", () => {
    const ready: FloorReady = { port: (server.address() as AddressInfo).port };
    process.send?.(ready);
  });
});

function callOf(url: string): string {
  const action = /action=(\w*)/.exec(url)?.[1];
  return action === undefined ? "qr-code" : action || "place";
}
