/**
 * The HTTP task, `arn:aws:states:::http:invoke`.
 *
 * HT1. What a connection holds reaches the host it is for, and nothing else: no message, result or log names it.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
 */

import { validationFault } from "@serverlesspresso/aws-service";
import type { ConnectionParameters } from "@serverlesspresso/event-bus";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Integration, TaskError } from "@serverlesspresso/workflow";
import { z } from "zod";
import { arrayFormats, encodeForm } from "./form-encoding.ts";
import { type CallHttp, HttpError, type HttpRequest, type HttpResponse } from "./http-client.ts";

/** What the integration is given. `connectionParameters` returns undefined for a connection that does not exist. */
export interface HttpTaskOptions {
  readonly call: CallHttp;
  readonly region: string;
  readonly connectionParameters: (connectionArn: string) => ConnectionParameters | undefined;
}

const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()]))]));
const Connection = z.object({ ConnectionArn: z.string() });
const Parameters = z.object({
  ApiEndpoint: z.string(),
  Method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
  Authentication: Connection.optional(),
  InvocationConfig: Connection.optional(),
  Headers: texts.default({}),
  QueryParameters: texts.default({}),
  RequestBody: z.json().optional(),
  Transform: z
    .object({
      RequestBodyEncoding: z.enum(["NONE", "URL_ENCODED"]).default("NONE"),
      RequestEncodingOptions: z.object({ ArrayFormat: z.enum(arrayFormats).default("INDICES") }).default({ ArrayFormat: "INDICES" }),
    })
    .optional(),
});
type Parameters = z.infer<typeof Parameters>;

/** Headers that belong to the connection, not to the caller. */
const forbidden =
  /^(a-im|accept-charset|accept-datetime|accept-encoding|cache-control|connection|content-encoding|content-length|content-md5|date|expect|forwarded|from|host|http2-settings|if-.*|keep-alive|max-forwards|origin|pragma|proxy-.*|referer|server|te|trailer|transfer-encoding|upgrade|via|warning|x-forwarded-.*|x-amzn?-.*)$/i;

/**
 * Returns the integration `http:invoke`, which calls an HTTPS endpoint with a connection's credentials.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
 */
export function createHttpTask({ call, region, connectionParameters }: HttpTaskOptions): Integration {
  return {
    kind: "external",
    async call(given, signal) {
      const parameters = parse(given);
      const connectionArn = (parameters.Authentication ?? parameters.InvocationConfig)?.ConnectionArn;
      if (connectionArn === undefined) throw invalid("The field 'Authentication' is missing: a connection is needed");
      const connection = connectionParameters(connectionArn);
      if (connection === undefined) {
        throw new TaskError("Events.ConnectionResource.NotFound", `There is no connection ${connectionArn}`);
      }
      const response = await call(requestOf(parameters, connection, region), signal).catch(taskErrorOf);
      const result = resultOf(response);
      if (response.status >= 200 && response.status < 300) return result;
      throw new TaskError(`States.Http.StatusCode.${response.status}`, JSON.stringify(result));
    },
  };
}

function parse(given: JsonObject): Parameters {
  const parsed = Parameters.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalid(`${parsed.error.issues[0]?.path.join(".")}: ${validationFault(parsed.error, given).constraint}`);
}

function requestOf(parameters: Parameters, connection: ConnectionParameters, region: string): HttpRequest {
  const { ApiEndpoint, Method: method, Headers, QueryParameters, Transform } = parameters;
  if (!URL.canParse(ApiEndpoint))
    throw invalid(`The field 'ApiEndpoint' is "${ApiEndpoint}", expected an address such as https://host/path`);
  const url = new URL(ApiEndpoint);
  for (const [name, value] of Object.entries({ ...QueryParameters, ...connection.query })) {
    for (const one of [value].flat()) url.searchParams.append(name, String(one));
  }
  const isForm = Transform?.RequestBodyEncoding === "URL_ENCODED";
  const body = bodyOf(parameters, connection.body);
  const headers: Record<string, string> = {
    "user-agent": `Amazon|StepFunctions|HttpInvoke|${region}`,
    range: "bytes=0-262144",
    ...(body !== undefined && { "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json" }),
  };
  for (const [name, value] of Object.entries(Headers)) {
    if (forbidden.test(name)) throw invalid(`The header '${name}' cannot be set`);
    headers[name.toLowerCase()] = [value].flat().join(", ");
  }
  for (const [name, value] of Object.entries(connection.headers)) headers[name.toLowerCase()] = value;
  return { url, method, headers: checked(headers), ...(body !== undefined && { body }) };
}

function bodyOf({ RequestBody, Transform }: Parameters, more: ConnectionParameters["body"]): string | undefined {
  const hasMore = Object.keys(more).length > 0;
  if (RequestBody === undefined && !hasMore) return undefined;
  const isObject = typeof RequestBody === "object" && RequestBody !== null && !Array.isArray(RequestBody);
  const value: JsonValue = isObject || RequestBody === undefined ? { ...(RequestBody as JsonObject), ...more } : RequestBody;
  if (Transform?.RequestBodyEncoding !== "URL_ENCODED") return typeof value === "string" ? value : JSON.stringify(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("A body that is URL_ENCODED must be an object");
  return encodeForm(value as JsonObject, Transform.RequestEncodingOptions.ArrayFormat);
}

/** HT1: Node's own refusal of a header would show its value. */
function checked(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw invalid(`The header '${name}' cannot be sent as it is`);
  }
  return headers;
}

function resultOf({ status, statusText, headers, body }: HttpResponse): JsonObject {
  return {
    Headers: headers,
    ResponseBody: parsedBody(body, headers["content-type"]?.[0] ?? ""),
    StatusCode: status,
    StatusText: statusText,
  };
}

function parsedBody(body: string, contentType: string): JsonValue {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) return body;
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    return body;
  }
}

function taskErrorOf(error: unknown): never {
  if (!(error instanceof HttpError)) throw error;
  const message = `The HTTP task was not answered: ${error.message}`;
  if (error.code === "Refused") throw invalid(message);
  throw new TaskError(error.code === "TooLarge" ? "States.DataLimitExceeded" : "States.Http.Socket", message);
}

function invalid(cause: string): TaskError {
  return new TaskError("States.Runtime", cause);
}
