import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHosts } from "../http/hosts.ts";
import type { Source } from "../http/source.ts";
import { createEntrance } from "./entrance.ts";

let server: Server;
let port = 0;
const source = { address: "127.0.0.1", scheme: "http", prefix: "", isForwarded: false } as const;
const errors: unknown[] = [];
beforeAll(async () => {
  const entrance = createEntrance({
    async aws({ method, pathname, query, headers, read }) {
      if (headers.get("x-amz-target") === "break") throw new Error("broken");
      const body = await read(1_000).catch(({ code }: { code: string }) => code);
      return { status: 200, headers: { "x-told": headers.get("constructor") ?? "nothing" }, body: `${method} ${pathname}${query} ${body}` };
    },
    hosts: createHosts("127.0.0.1"),
    onError: (error) => void errors.push(error),
  });
  server = createServer((incoming, outgoing) => {
    const from: Source = { ...source, host: incoming.headers.host };
    if (!entrance(incoming, outgoing, from)) incoming.resume().on("end", () => outgoing.end("left to the gateway"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const signed = { authorization: "AWS4-HMAC-SHA256 Credential=x", "content-length": "2" };
interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
}

function send({ method = "POST", path = "/", headers }: Sent, body = "{}"): Promise<{ text: string; headers: IncomingMessage["headers"] }> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: "127.0.0.1", agent: false, method, path, headers }, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      resolve({ text, headers: response.headers });
    });
    call.once("error", reject).end(body);
  });
}

test("a signed call goes to the AWS API, and its answer has the headers of every answer", async () => {
  const { text, headers } = await send({ headers: signed });
  expect(text).toBe("POST / {}");
  expect(headers).toMatchObject({ "content-length": "9", "x-told": "nothing", "x-content-type-options": "nosniff" });
});

test("a body longer than its service allows is not read", async () => {
  const { text } = await send({ headers: { ...signed, "content-length": "2000" } }, "x".repeat(2_000));
  expect(text).toBe("POST / RequestEntityTooLargeException");
});

test("a failure of the API ends the connection and is told", async () => {
  await expect(send({ headers: { ...signed, "x-amz-target": "break" } })).rejects.toThrow();
  expect(errors).toEqual([new Error("broken")]);
});

test.each<Sent & { name: string }>([
  { name: "another host", headers: { ...signed, host: "example.com" } },
  { name: "an origin", headers: { ...signed, origin: "https://example.com" } },
  { name: "another path", path: "/orders", headers: signed },
  { name: "a query", path: "/?a=b", headers: signed },
  { name: "another method", method: "PUT", headers: signed },
  { name: "no signature", headers: { "content-length": "2" } },
  { name: "a length that is not said", headers: { authorization: signed.authorization, "transfer-encoding": "chunked" } },
])("EN1: $name is left to the gateway", async ({ name: _, ...sent }) => {
  expect((await send(sent)).text).toBe("left to the gateway");
});
