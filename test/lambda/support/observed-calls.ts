/** A way to AWS that notes what is asked of it, in the words of the rights that a function would need. */
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@serverlesspresso/ports";

export interface Observer {
  readonly url: string;
  /** Such as `dynamodb:PutItem serverlesspresso-order-table`. */
  readonly rights: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function startObserver(port: number): Promise<Observer> {
  const rights = new Set<string>();
  const server: Server = createServer((request, response) => void handOn(port, request, response, rights));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rights,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function handOn(port: number, request: IncomingMessage, response: ServerResponse, rights: Set<string>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const target = String(request.headers["x-amz-target"] ?? "");
  for (const right of rightsOf(request.url ?? "", target, body)) rights.add(right);
  const { method, url, headers } = request;
  const onward = httpRequest({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  onward.end(body);
}

function rightsOf(url: string, target: string, body: Buffer): string[] {
  const [service = "", operation = ""] = target.split(".");
  const json = (): JsonObject => JSON.parse(body.toString("utf8")) as JsonObject;
  const topic = /^\/topics\/([^?]+)/.exec(url)?.[1];
  if (topic !== undefined) return [`iot:Publish ${decodeURIComponent(topic)}`];
  if (url.includes("/operation/PutMetricData") || operation === "PutMetricData") return ["cloudwatch:PutMetricData"];
  switch (service) {
    case "DynamoDB_20120810":
      return tableRights(operation, json());
    case "AWSEvents":
      return [`events:${operation}`];
    case "AWSStepFunctions":
      // A task token names no state machine that could be seen from outside.
      if (/^SendTask/.test(operation)) return [`states:${operation}`];
      return [`states:${operation} ${String(json().stateMachineArn).split(":").at(-1)}`];
    case "AWSCognitoIdentityProviderService":
      // It is the app's own call, which needs no right.
      return operation === "InitiateAuth" ? [] : [`cognito-idp:${operation}`];
    default:
      return [`${service}:${operation} ${url}`];
  }
}

const transactActions: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

function tableRights(operation: string, { TableName, IndexName, TransactItems }: JsonObject): string[] {
  if (operation !== "TransactWriteItems") {
    return [`dynamodb:${operation} ${TableName as string}${IndexName === undefined ? "" : `/${IndexName as string}`}`];
  }
  return (TransactItems as readonly Record<string, { readonly TableName: string }>[]).flatMap((item) =>
    Object.entries(item).map(([kind, request]) => `dynamodb:${transactActions[kind]} ${request.TableName}`),
  );
}
