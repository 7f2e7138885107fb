/**
 * Calls of services and operations that are not here: answered in the caller's own protocol, with what there is.
 * Nothing is proved first: the answer says no more than the documentation.
 */
import { AwsFailure } from "./failure.ts";
import { type AddressedCall, commonHeaders } from "./protocol.ts";
import { escapeXml } from "./query-protocol.ts";
import { failRest } from "./rest-protocol.ts";
import { serviceNames } from "./service-names.ts";
import { signingNameOf } from "./signed-request.ts";
import type { WireAnswer, WireRequest } from "./wire-request.ts";
import type { WireService, WireServices } from "./wire-service.ts";

/** Services whose REST protocol is XML. */
const xmlServices = new Set(["s3", "s3express", "s3-object-lambda", "s3-outposts", "cloudfront", "route53"]);

/** A signed call of a REST protocol to an address that no operation has. */
export function addressUnsupportedCall(request: WireRequest, services: WireServices): AddressedCall {
  const { method, pathname } = request;
  const name = signingNameOf(request.headers);
  const call = `${method} ${pathname.slice(0, 100)}`;
  const refuse = (): never => {
    throw notSupported(services, name, serviceSigned(services, name), call, xmlServices.has(name) ? restXml : restJson);
  };
  return {
    refuse,
    decode: refuse,
    answer: refuse,
    fail: xmlServices.has(name) ? (failure, requestId) => failXml(failure, requestId, pathname, method) : failRest,
  };
}

interface Words {
  readonly status: number;
  readonly code: string;
}
const restXml: Words = { status: 501, code: "NotImplemented" };
const restJson: Words = { status: 404, code: "UnknownOperationException" };
const rpc: Words = { status: 400, code: "UnknownOperationException" };

/** @param name of the service, as its caller knows it @param operation likewise */
export function notSupported(
  services: WireServices,
  name: string,
  service: WireService | undefined,
  operation: string,
  words = rpc,
): AwsFailure {
  const message =
    service === undefined
      ? `The service "${name.slice(0, 64)}" is not supported here, expected one of ${serviceNames(services).join(", ")}`
      : `${name} has no operation "${operation.slice(0, 120)}" here${reasonFor(service, operation)}, expected one of ${[...service.operations].sort().join(", ")}`;
  return new AwsFailure(words.status, words.code, message, { queryCode: "InvalidAction" });
}

function reasonFor({ service: { absent } }: WireService, operation: string): string {
  return Object.hasOwn(absent, operation) ? `: ${absent[operation]}` : "";
}

function serviceSigned(services: WireServices, name: string): WireService | undefined {
  return [...services.values()].find(({ service }) => service.signingNames.includes(name));
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function failXml({ status, code, message, headers }: AwsFailure, requestId: string, resource: string, method: string): WireAnswer {
  const members = `<Code>${code}</Code><Message>${escapeXml(message)}</Message><Resource>${escapeXml(resource)}</Resource>`;
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${members}<RequestId>${requestId}</RequestId></Error>`;
  return {
    status,
    body: method === "HEAD" ? null : body,
    headers: { ...commonHeaders("application/xml", requestId), "x-amz-request-id": requestId, ...headers },
  };
}
