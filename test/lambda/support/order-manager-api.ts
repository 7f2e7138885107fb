/**
 * The order manager's own API of API Gateway, to which the HTTP API hands `PUT /orders/{id}` on: body and media type are checked against
 * the method's model, the workflow runs without a function in between, and its verdict is the answer.
 *
 * What its mapping templates do is done here in TypeScript; the templates themselves have tests of their own.
 */
import { orderAction, verdictResponse } from "@serverlesspresso/blueprint/edge/order-action.ts";
import { ActionBody } from "@serverlesspresso/blueprint/schemas.ts";
import type { JsonObject, JsonValue, Problem, States } from "@serverlesspresso/ports";
import { z } from "zod";
import { gatewayRefusals } from "../../../platforms/aws/src/constructs/order-action-mapping.ts";
import { identityOf } from "../../../platforms/aws/src/runtime/api/identity.ts";
import { faultsOf } from "../../api/json-schema.ts";
import type { HttpApiAnswer, HttpApiEvent } from "./http-api.ts";

const { $schema: _, ...model } = z.toJSONSchema(ActionBody, { io: "input" }) as JsonObject;
/** The model refuses what the local gateway takes out of a reason. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

export function createOrderManagerApi(states: () => States, nowMs: () => number) {
  return async (event: HttpApiEvent): Promise<HttpApiAnswer> => {
    const { headers, pathParameters = {}, rawQueryString, requestContext } = event;
    const text = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8").toString("utf8");
    if (text !== "" && !/^application\/json\b/i.test(headers["content-type"] ?? "")) return refused(gatewayRefusals.UNSUPPORTED_MEDIA_TYPE);
    const body = parse(text === "" ? "{}" : text);
    if (body === undefined || faultsOf(body, model, model).length > 0 || invisible.test(String((body as JsonObject | null)?.reason))) {
      return refused(gatewayRefusals.BAD_REQUEST_BODY);
    }
    const { authorizer } = requestContext as { readonly authorizer?: { readonly jwt: { readonly claims: Record<string, string> } } };
    const call = {
      pathParameters: pathParameters as Record<string, string>,
      queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)),
      body,
      identity: identityOf(authorizer?.jwt.claims) ?? null,
    };
    const stateMachineName = "OrderManagerStateMachine";
    const input = orderAction(call, nowMs()) as unknown as JsonValue;
    const verdict = verdictResponse(stateMachineName, await states().startSyncExecution({ stateMachineName, input }), 200);
    return answer(verdict.statusCode, verdict.body);
  };
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

const refused = (problem: Problem): HttpApiAnswer => answer(problem.status, problem as unknown as JsonValue);

function answer(statusCode: number, body: JsonValue): HttpApiAnswer {
  return {
    statusCode,
    headers: { "content-type": statusCode >= 400 ? "application/problem+json" : "application/json" },
    body: JSON.stringify(body),
  };
}
