/**
 * The order manager's own API of API Gateway, to which the HTTP API hands `PUT /orders/{id}` on: body and media type are checked against
 * the method's model, the deployment's own mapping templates make the workflow's input and the answer, and no function is in between.
 */
import { invisiblePattern, type Problem } from "@serverlesspresso/contract";
import { ActionBody } from "@serverlesspresso/contract/api";
import type { JsonObject, JsonValue, States } from "@serverlesspresso/ports";
import { z } from "zod";
import { gatewayRefusals, requestTemplate, responseTemplate } from "../../../platforms/aws/src/constructs/order-action-mapping.ts";
import { renderVelocity } from "../../../platforms/aws/test/velocity.ts";
import { faultsOf } from "../../api/json-schema.ts";
import type { HttpApiAnswer } from "./http-api.ts";
import type { HttpApiEvent } from "./http-api-event.ts";

const { $schema: _, ...model } = z.toJSONSchema(ActionBody, { io: "input" }) as JsonObject;
/** The model refuses what the local gateway takes out of a reason. */
const visible = new RegExp(invisiblePattern);
const stateMachineName = "OrderManagerStateMachine";

export function createOrderManagerApi(states: () => States, nowMs: () => number) {
  return async (event: HttpApiEvent): Promise<HttpApiAnswer> => {
    const text = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8").toString("utf8");
    if (text !== "" && !/^application\/json\b/i.test(event.headers["content-type"] ?? ""))
      return refused(gatewayRefusals.UNSUPPORTED_MEDIA_TYPE);
    const body = parse(text === "" ? "{}" : text);
    if (body === undefined || !fitsModel(body)) return refused(gatewayRefusals.BAD_REQUEST_BODY);
    const input = inputOf(event, text === "" ? "" : JSON.stringify(body), nowMs());
    const { status, output } = await states().startSyncExecution({ stateMachineName, input });
    return answerOf(status, output === undefined ? undefined : JSON.stringify(output));
  };
}

function fitsModel(body: JsonValue): boolean {
  return faultsOf(body, model, model).length === 0 && visible.test(String((body as JsonObject | null)?.reason));
}

/** What `StartSyncExecution` is asked to run with. */
function inputOf({ rawQueryString, pathParameters = {}, requestContext }: HttpApiEvent, json: string, requestTimeEpoch: number): JsonValue {
  const query = new URLSearchParams(rawQueryString);
  const request = renderVelocity(requestTemplate("arn"), {
    context: { authorizer: claimsOf(requestContext), requestTimeEpoch },
    input: {
      json: () => json,
      params: () => ({
        querystring: { get: (name: string) => query.get(name) ?? undefined },
        path: { get: (name: string) => pathParameters[name] },
      }),
    },
    util: { escapeJavaScript },
  });
  return JSON.parse((JSON.parse(request) as { readonly input: string }).input) as JsonValue;
}

function claimsOf(requestContext: object): object {
  const { authorizer } = requestContext as { readonly authorizer?: { readonly jwt: { readonly claims: object } } };
  return { claims: authorizer?.jwt.claims };
}

/** As API Gateway escapes. */
function escapeJavaScript(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  return text.replaceAll(/["'\\/]/g, "\\$&").replaceAll(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What becomes of Step Functions' answer. */
function answerOf(status: string, output: string | undefined): HttpApiAnswer {
  const override: { status?: number; header: Record<string, string> } = { header: {} };
  const body = renderVelocity(responseTemplate, {
    context: { responseOverride: override },
    input: { path: (path: string) => (path === "$.status" ? status : output) },
    util: { parseJson: (json: string) => JSON.parse(json) as unknown },
  });
  return { statusCode: override.status ?? 200, headers: { "content-type": "application/json", ...lowerCased(override.header) }, body };
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Nothing where it is no JSON, or too deep to be looked at. */
function parse(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}

function refused(problem: Problem): HttpApiAnswer {
  return { statusCode: problem.status, headers: { "content-type": "application/problem+json" }, body: JSON.stringify(problem) };
}
