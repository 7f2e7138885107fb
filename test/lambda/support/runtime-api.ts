/**
 * Lambda's Runtime API before processes that each run one function, as Lambda's own do.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonValue } from "@serverlesspresso/ports";
import { type Configuration, functionArn, lambdaVariables, type RuntimeClient } from "./runtime-client.ts";

export interface RuntimeOptions extends Configuration {
  readonly client: RuntimeClient;
  readonly timeoutSeconds: number;
  /** Beside the variables that Lambda itself sets. */
  readonly environment: Readonly<Record<string, string>>;
}
/** One function in a process of its own; invocations wait their turn. */
export interface Runtime {
  invoke(event: unknown): Promise<JsonValue | undefined>;
  /** What it wrote. */
  readonly output: () => string;
  /** What its client calls itself, once it has asked for work. */
  readonly userAgent: () => string | undefined;
  /** From the start of the process to its first question for work. */
  readonly initMs: Promise<number>;
  stop(): Promise<void>;
}

interface Invocation {
  readonly event: unknown;
  resolve(answer: JsonValue | undefined): void;
  reject(error: Error): void;
}

/** Starts the process of one function, with its bundle in the client's hands. */
export async function startRuntime({ client, timeoutSeconds, environment, ...configuration }: RuntimeOptions): Promise<Runtime> {
  const { name } = configuration;
  const waiting: Invocation[] = [];
  const asking: ServerResponse[] = [];
  const running = new Map<string, Invocation>();
  const startedMs = performance.now();
  let count = 0;
  let userAgent: string | undefined;
  /** Why it did not even start, or is no more. */
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
      "lambda-runtime-deadline-ms": String(Date.now() + timeoutSeconds * 1000),
      "lambda-runtime-invoked-function-arn": functionArn(name),
    });
    response.end(JSON.stringify(invocation.event));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === "/2018-06-01/runtime/invocation/next") {
      ready(performance.now() - startedMs);
      userAgent = request.headers["user-agent"];
      asking.push(response);
      return match();
    }
    const body = await readJson(request);
    const [, id = "", end = ""] = /\/invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? "") ?? [];
    if (end === "response") running.get(id)?.resolve(body === null ? undefined : body);
    else if (end === "error") running.get(id)?.reject(failureOf(body));
    else giveUp(failureOf(body));
    running.delete(id);
    response.writeHead(202).end();
  }

  function giveUp(error: Error): void {
    broken ??= error;
    for (const { reject } of [...running.values(), ...waiting.splice(0)]) reject(broken);
    running.clear();
  }

  const server = createServer((request, response) => void serve(request, response));
  // A client's connection is idle while its function runs. Closed in that moment, it could not carry the answer.
  server.keepAliveTimeout = 0;
  const address = await listen(server);
  const child = spawn(process.execPath, [client.program], {
    env: { ...environment, ...lambdaVariables(configuration, address) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const died = (code: number | null): void => giveUp(new Error(`${name}: its process ended with ${code}`));
  child.once("exit", died);
  const output = outputOf(child);
  return {
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        waiting.push({ event, resolve, reject });
        match();
      }),
    output,
    userAgent: () => userAgent,
    initMs,
    async stop() {
      child.off("exit", died);
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
