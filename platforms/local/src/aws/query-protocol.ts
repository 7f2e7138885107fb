/** AWS's query protocol: the call as a form, the answer as XML. STS speaks it, older clients of SQS and CloudWatch too. */
import type { QueryShapes, ServiceDescription } from "@serverlesspresso/aws-service";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { AwsFailure } from "./failure.ts";
import { type AddressedCall, commonHeaders } from "./protocol.ts";
import { queryErrorCode } from "./query-errors.ts";
import { readQueryRequest } from "./query-request.ts";
import { serviceNames } from "./service-names.ts";
import type { WireAnswer } from "./wire-request.ts";
import type { WireServices } from "./wire-service.ts";

/** A service that has the protocol, and what it says of it. */
interface Spoken {
  readonly service: ServiceDescription;
  readonly shapes: QueryShapes;
}

/** @param signingName what the signature calls the service */
export function addressQueryCall(signingName: string, services: WireServices): AddressedCall {
  let spoken: Spoken | undefined;
  const respond = (status: number, xml: string, requestId: string, headers: Readonly<Record<string, string>> = {}): WireAnswer => ({
    status,
    body: `<?xml version="1.0"?>\n${xml}\n`,
    headers: { ...commonHeaders("text/xml", requestId), ...headers },
  });
  return {
    decode(body) {
      const parameters = new URLSearchParams(body.toString("utf8"));
      const version = parameters.get("Version") ?? "";
      const known = serviceNames(services);
      const speaking = speakingOf(services);
      spoken = speaking.find(({ shapes }) => shapes.version === version);
      if (spoken === undefined) {
        const versions = speaking.map(({ shapes }) => shapes.version).join(", ");
        const message = known.includes(signingName)
          ? `${signingName} has no version "${version.slice(0, 20)}" in this protocol here, expected one of ${versions}`
          : `The service "${signingName}" is not supported here, expected one of ${known.join(", ")}`;
        throw new AwsFailure(400, "InvalidAction", message);
      }
      const operation = parameters.get("Action") ?? "";
      return { service: spoken.service.target, operation, request: readQueryRequest(operation, parameters, spoken.shapes) };
    },
    answer(result, { operation }, requestId) {
      const members = spoken === undefined ? "" : xmlOf(result, operation, spoken);
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      const namespace = spoken?.shapes.namespace ?? "";
      const body = `<${operation}Result>${members}</${operation}Result>${metadata}`;
      return respond(200, `<${operation}Response xmlns="${namespace}">${body}</${operation}Response>`, requestId);
    },
    fail(failure, requestId) {
      const type = failure.status < 500 ? "Sender" : "Receiver";
      const code = queryErrorCode(spoken?.service.errors, failure);
      if (signingName === "ec2") return respond(failure.status, ec2Error(code, failure.message, requestId), requestId, failure.headers);
      const error = `<Error><Type>${type}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(failure.message)}</Message></Error>`;
      const xmlns = spoken === undefined ? "" : ` xmlns="${spoken.shapes.namespace}"`;
      return respond(
        failure.status,
        `<ErrorResponse${xmlns}>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`,
        requestId,
        failure.headers,
      );
    },
  };
}

/** EC2 has a form of its own. */
function ec2Error(code: string, message: string, requestId: string): string {
  const error = `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return `<Response><Errors>${error}</Errors><RequestID>${requestId}</RequestID></Response>`;
}

function speakingOf(services: WireServices): readonly Spoken[] {
  return [...services.values()].flatMap(({ service }) => (service.query === undefined ? [] : [{ service, shapes: service.query }]));
}

function xmlOf(object: JsonObject, operation: string, spoken: Spoken): string {
  return Object.entries(object)
    .map(([name, value]) => memberXml(name, value, operation, spoken))
    .join("");
}

function memberXml(name: string, value: JsonValue, operation: string, spoken: Spoken): string {
  const { shapes } = spoken;
  const map = Object.entries(shapes.maps ?? {}).find(([, shape]) => shape.member(operation) === name);
  if (map !== undefined && typeof value === "object" && value !== null) {
    const [row, shape] = map;
    const rows = Object.entries(value as JsonObject);
    return rows
      .map(([key, one]) => element(row, element(shape.key, escapeXml(key)) + memberXml(shape.value, one, operation, spoken)))
      .join("");
  }
  if (!Array.isArray(value)) return element(name, contentOf(name, value, operation, spoken));
  const entry = shapes.entries?.(operation, name);
  const entries = (value as readonly JsonValue[])
    .map((one) => element(entry ?? "member", contentOf(name, one, operation, spoken)))
    .join("");
  return entry === undefined ? element(name, entries) : entries;
}

function contentOf(name: string, value: JsonValue, operation: string, spoken: Spoken): string {
  if (typeof value === "number" && spoken.service.instants?.includes(name) === true) return new Date(value * 1000).toISOString();
  if (typeof value === "object" && value !== null) return xmlOf(value as JsonObject, operation, spoken);
  return value === null ? "" : escapeXml(String(value));
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\r": "&#xD;" };

/** Text within XML. Signs that XML 1.0 cannot hold at all are left out. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (sign) => entities[sign] ?? sign).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}
