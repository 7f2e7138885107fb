/**
 * AWS's JSON protocol as an SDK speaks it, at as little cost as can be, so that the server is what is measured: connections are kept, each carries
 * one call at a time, and a call is signed once with a key that is derived once a day.
 */
import { createHash, createHmac, randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { JsonObject } from "@serverlesspresso/ports";

/** Whom the client calls, and as whom. */
export interface ClientOptions {
  readonly port: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A service as signatures and `X-Amz-Target` name it. */
export interface Target {
  readonly signingName: string;
  readonly prefix: string;
}

/** Calls operations. */
export interface SignedClient {
  /** Rejects where the answer is not 200. */
  call<Answer = JsonObject>(target: Target, operation: string, request: JsonObject): Promise<Answer>;
  close(): void;
}

export const states: Target = { signingName: "states", prefix: "AWSStepFunctions" };
export const sqs: Target = { signingName: "sqs", prefix: "AmazonSQS" };
export const events: Target = { signingName: "events", prefix: "AWSEvents" };

const region = "us-east-1";
/** In the order in which they are signed. */
const signedNames =
  "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target;x-amz-user-agent";

/** Returns a client of the server at a port of this machine. */
export function createSignedClient({ port, accessKeyId, secretAccessKey }: ClientOptions): SignedClient {
  const keys = new Map<string, Buffer>();
  const idle: Connection[] = [];
  const host = `127.0.0.1:${port}`;

  function keyOf(day: string, signingName: string): Buffer {
    const scope = `${day}/${signingName}`;
    const known = keys.get(scope);
    if (known !== undefined) return known;
    const key = [day, region, signingName, "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`) as Buffer;
    keys.set(scope, key);
    return key;
  }

  function write({ signingName, prefix }: Target, operation: string, body: string): string {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${date.slice(0, 8)}/${region}/${signingName}/aws4_request`;
    const bodyHash = sha256(body);
    const headers = `amz-sdk-invocation-id:${randomUUID()}
amz-sdk-request:attempt=1; max=3
content-length:${Buffer.byteLength(body)}
content-type:application/x-amz-json-1.0
host:${host}
x-amz-content-sha256:${bodyHash}
x-amz-date:${date}
x-amz-target:${prefix}.${operation}
x-amz-user-agent:bench/1
`;
    const canonical = `POST\n/\n\n${headers}\n${signedNames}\n${bodyHash}`;
    const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
    const signature = hmac(keyOf(date.slice(0, 8), signingName), text).toString("hex");
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`;
    return `POST / HTTP/1.1\r\n${headers.replaceAll("\n", "\r\n")}authorization: ${authorization}\r\n\r\n${body}`;
  }

  return {
    async call<Answer>(target: Target, operation: string, request: JsonObject) {
      const connection = idle.pop() ?? openConnection(port);
      const { status, body } = await connection.exchange(write(target, operation, JSON.stringify(request)));
      idle.push(connection);
      if (status !== 200) throw new Error(`${operation} was answered ${status}: ${body}`);
      return JSON.parse(body) as Answer;
    },
    close() {
      for (const connection of idle) connection.end();
    },
  };
}

interface Connection {
  /** Writes a request; resolves with its answer. */
  exchange(text: string): Promise<{ readonly status: number; readonly body: string }>;
  end(): void;
}

function openConnection(port: number): Connection {
  const socket: Socket = connect(port, "127.0.0.1").setNoDelay(true);
  let received: Buffer = Buffer.alloc(0);
  let settle: PromiseWithResolvers<{ status: number; body: string }> | undefined;
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = received.toString("latin1", 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) return void socket.destroy(new Error(`an answer without a length: ${head}`));
    const from = end + 4;
    if (received.length < from + Number(length)) return;
    const body = received.toString("utf8", from, from + Number(length));
    received = Buffer.alloc(0);
    settle?.resolve({ status: Number(head.slice(9, 12)), body });
  });
  socket.on("error", (error) => settle?.reject(error));
  socket.on("close", () => settle?.reject(new Error("the connection was closed")));
  return {
    exchange(text) {
      settle = Promise.withResolvers();
      socket.write(text);
      return settle.promise;
    },
    end: () => socket.destroy(),
  };
}

function sha256(data: string): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
