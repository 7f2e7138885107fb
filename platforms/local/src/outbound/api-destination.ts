/**
 * A rule's target that is an API destination: the event goes out over HTTP, with what its connection holds.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
import type { ApiDestination, ConnectionParameters, Target, TargetInvoker } from "@serverlesspresso/event-bus";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { z } from "zod";
import type { CallHttp, HttpRequest } from "./http-client.ts";

/** How a destination and its connection are found by ARN; undefined means that it does not exist. */
export interface ApiDestinationOptions {
  readonly call: CallHttp;
  readonly apiDestination: (arn: string) => ApiDestination | undefined;
  readonly connectionParameters: (connectionArn: string) => ConnectionParameters | undefined;
}

const texts = z.record(z.string(), z.string()).default({});
const HttpParameters = z
  .object({ PathParameterValues: z.array(z.string()).default([]), HeaderParameters: texts, QueryStringParameters: texts })
  .default({ PathParameterValues: [], HeaderParameters: {}, QueryStringParameters: {} });

/**
 * Returns the target that calls an API destination. A status outside 200 to 299 throws; 401, 407, 409, 429 and 5xx are retried.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
export function createApiDestinationTarget(options: ApiDestinationOptions): Extract<TargetInvoker, { readonly kind: "external" }> {
  return {
    kind: "external",
    async deliver(target, input) {
      const destination = options.apiDestination(target.Arn);
      if (destination === undefined) throw failure(`There is no API destination ${target.Arn}`, false);
      const connection = options.connectionParameters(destination.connectionArn);
      if (connection === undefined) throw failure(`There is no connection ${destination.connectionArn}`, false);
      const { status } = await options.call(requestOf(destination, connection, target, input), new AbortController().signal);
      if (status < 200 || status >= 300) throw failure(`The API destination ${destination.name} answered ${status}`, mayPass(status));
    },
  };
}

function requestOf(
  { endpoint, method }: ApiDestination,
  connection: ConnectionParameters,
  { HttpParameters: given }: Target,
  input: JsonValue,
): HttpRequest {
  const { PathParameterValues, HeaderParameters, QueryStringParameters } = HttpParameters.parse(given);
  const values = [...PathParameterValues];
  const url = new URL(endpoint.replaceAll("*", () => encodeURIComponent(values.shift() ?? "*")));
  for (const [name, value] of Object.entries({ ...QueryStringParameters, ...connection.query })) url.searchParams.append(name, value);
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  const headers = Object.entries({
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Amazon/EventBridge/ApiDestinations",
    range: "bytes=0-1048575",
    ...HeaderParameters,
    ...connection.headers,
  });
  return {
    url,
    method,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: JSON.stringify(isObject ? { ...(input as JsonObject), ...connection.body } : input),
  };
}

/** What EventBridge tries again. */
function mayPass(status: number): boolean {
  return status >= 500 || [401, 407, 409, 429].includes(status);
}

function failure(message: string, retryable: boolean): Error {
  return Object.assign(new Error(message), { name: "API_DESTINATION_ERROR", retryable });
}
