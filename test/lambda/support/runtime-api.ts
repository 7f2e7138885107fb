/**
 * Lambda's Runtime API before processes that each run one function, as Lambda's own do.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { JsonValue } from "@serverlesspresso/ports";
import { account, region } from "../../aws/support.ts";

export interface RuntimeOptions {
  readonly name: string;
  /** `index.mjs` as a URL. */
  readonly bundle: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}
/** One function in a process of its own; invocations wait their turn. */
export interface Runtime {
  invoke(event: unknown): Promise<JsonValue | undefined>;
  /** What it wrote. */
  readonly output: () => string;
  /** From the start of the process to its first question for work. */
  readonly initMs: Promise<number>;
  stop(): Promise<void>;
}

interface Invocation {
  readonly event: unknown;
  resolve(answer: JsonValue | undefined): void;
  reject(error: Error): void;
}
const client = join(import.meta.dirname, "runtime-client.mjs");

export async function startRuntime({ name, bundle, timeoutSeconds, environment }: RuntimeOptions): Promise<Runtime> {
  const waiting: Invocation[] = [];
  const asking: ServerResponse[] = [];
  const running = new Map<string, Invocation>();
  const startedMs = performance.now();
  let count = 0;
  /** Why it did not even start. */
  let broken: Error | undefined;
  let ready = (_: number): void => {};
  const initMs = new Promise<number>((resolve) => void (ready = resolve));

  function match(): void {
    while (asking.length > 0 && waiting.length > 0) hand(asking.shift() as ServerResponse, waiting.shift() as Invocation);
  }

  function hand(response: ServerResponse, invocation: Invocation): void {
    const id = `${name}-${++count}`;
    running.set(id, invocation);
    response.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": id,
      "lambda-runtime-deadline-ms": String(Math.floor(performance.timeOrigin + performance.now()) + timeoutSeconds * 1000),
      "lambda-runtime-invoked-function-arn": `arn:aws:lambda:${region}:${account}:function:${name}`,
    });
    response.end(JSON.stringify(invocation.event));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === "/2018-06-01/runtime/invocation/next") {
      ready(performance.now() - startedMs);
      asking.push(response);
      return match();
    }
    const body = await readJson(request);
    const [, id = "", end = ""] = /\/invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? "") ?? [];
    if (end === "response") running.get(id)?.resolve(body === null ? undefined : body);
    else if (end === "error") running.get(id)?.reject(failureOf(body));
    else {
      broken = failureOf(body);
      for (const { reject } of waiting.splice(0)) reject(broken);
    }
    running.delete(id);
    response.writeHead(202).end();
  }

  const server = createServer((request, response) => void serve(request, response));
  const address = await listen(server);
  const child = spawn(process.execPath, [client], {
    env: { ...environment, BUNDLE: bundle, AWS_LAMBDA_RUNTIME_API: address, AWS_LAMBDA_FUNCTION_NAME: name },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = outputOf(child);
  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        waiting.push({ event, resolve, reject });
        match();
      }),
    output,
    initMs,
    async stop() {
      child.kill("SIGKILL");
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function failureOf(body: JsonValue): Error {
  const { errorType = "Error", errorMessage = "" } = (body ?? {}) as { readonly errorType?: string; readonly errorMessage?: string };
  return Object.assign(new Error(errorMessage), { name: errorType });
}

async function readJson(request: IncomingMessage): Promise<JsonValue> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8") || "null") as JsonValue;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function outputOf(child: ChildProcess): () => string {
  let text = "";
  child.stdout?.on("data", (chunk) => (text += chunk));
  child.stderr?.on("data", (chunk) => (text += chunk));
  return () => text;
}
