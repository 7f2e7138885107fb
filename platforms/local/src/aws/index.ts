/**
 * AWS's wire protocols at the gateway: decode, prove who calls, call the engine, encode. There is no second implementation behind them.
 *
 * W1. The user pool's public operations carry their own proof; every other call is signed with the installation's access key, or bears an admin's token, as the console's do.
 * W2. Errors have AWS's shape in the protocol of the call, and say nothing of the inside.
 * W3. A body is read only as far as its service allows, and only after its headers were found in order.
 * W4. Calls that come in together take turns with everything else.
 */
import type { Ids } from "@serverlesspresso/ports";
import type { RateLimits } from "../http/rate-limits.ts";
import type { Authenticate, Proof } from "./authenticate.ts";
import { readBody, unpack } from "./body.ts";
import { addressCborCall } from "./cbor-protocol.ts";
import { AwsFailure, failureOf } from "./failure.ts";
import { addressJsonCall } from "./json-protocol.ts";
import type { AddressedCall, DecodedCall } from "./protocol.ts";
import { addressQueryCall } from "./query-protocol.ts";
import { addressRestCall, failRest } from "./rest-protocol.ts";
import type { AwsService, AwsServices } from "./service.ts";
import { createTurns } from "./turns.ts";

export interface AwsApiOptions {
  readonly services: AwsServices;
  readonly authenticate: Authenticate;
  /** Whether the request bears an admin's token. */
  readonly isAdmin: (request: Request) => Promise<boolean>;
  readonly rateLimits: RateLimits;
  readonly ids: Pick<Ids, "uuid">;
  readonly onError: (error: unknown, what: string) => void;
}

/** Calls without any proof, from one address: a conference signs in within minutes. */
const perAddress = { burst: 1_000, perMinute: 1_000 };
/** Where only the body names its service. */
const mostBytesOfForms = 4 * 1024 * 1024;
/** Where who calls is known without a signature, or does not matter. */
const sufficient: Proof = { verify: () => {}, expectService: () => {} };

export function createAwsApi(options: AwsApiOptions): (request: Request, address: string) => Promise<Response> {
  const { services, onError } = options;
  const turns = createTurns();

  async function perform(addressed: AddressedCall, request: Request, address: string): Promise<(requestId: string) => Response> {
    const named = serviceOf(services, addressed.service);
    const proof = proveNothing(addressed.operation, named, address) ?? (await proveOperator(addressed, named, request));
    const body = await readBody(request, named?.mostBytes ?? mostBytesOfForms);
    proof.verify(body);
    const call = addressed.decode(await unpack(body, request.headers.get("content-encoding"), named?.mostBytes ?? mostBytesOfForms));
    const service = serviceOf(services, call.service);
    checkOperation(services, service, call);
    proof.expectService(service.signingNames);
    const { host, protocol } = new URL(request.url);
    const caller = { address, origin: `${protocol}//${host}`, signal: request.signal };
    const result = await turns.run(() => service.call(call.operation, call.request, caller));
    return (requestId) => addressed.answer(result, call, requestId);
  }

  /** W1. Undefined where the call is not for everybody. */
  function proveNothing(operation: string | undefined, service: AwsService | undefined, address: string): Proof | undefined {
    if (operation === undefined || !service?.publicOperations?.has(operation)) return undefined;
    const waitSeconds = options.rateLimits.take(`aws address ${address}`, perAddress);
    if (waitSeconds === 0) return sufficient;
    throw new AwsFailure(400, "TooManyRequestsException", "Rate exceeded", { headers: { "retry-after": String(waitSeconds) } });
  }

  /** W1, W3. */
  async function proveOperator({ operation = "" }: AddressedCall, service: AwsService | undefined, request: Request): Promise<Proof> {
    if (/^Bearer /i.test(request.headers.get("authorization") ?? "")) {
      if (await options.isAdmin(request)) return sufficient;
      throw new AwsFailure(403, "AccessDeniedException", `User is not authorized to perform: ${operation.slice(0, 64)}`);
    }
    const proof = options.authenticate(request);
    if (service !== undefined) proof.expectService(service.signingNames);
    return proof;
  }

  return async (request, address) => {
    const requestId = options.ids.uuid();
    let addressed: AddressedCall | undefined;
    try {
      addressed = addressCall(request);
      return (await perform(addressed, request, address))(requestId);
    } catch (error) {
      const failure = failureOf(error, onError);
      return addressed === undefined ? failRest(failure, requestId) : addressed.fail(failure, requestId);
    }
  };
}

/** Which protocol a request speaks. @throws {AwsFailure} where it is none of them */
function addressCall(request: Request): AddressedCall {
  const { headers } = request;
  const target = headers.get("x-amz-target");
  const contentType = headers.get("content-type") ?? "";
  const { pathname } = new URL(request.url);
  const found = addressCborCall(pathname, headers) ?? addressRestCall(request);
  if (found !== undefined) return found;
  if (target !== null) return addressJsonCall(target, contentType);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) return addressQueryCall();
  throw new AwsFailure(pathname === "/" ? 400 : 404, "UnknownOperationException", "No operation has this address");
}

function serviceOf(services: AwsServices, name: string | undefined): AwsService | undefined {
  return name !== undefined && Object.hasOwn(services, name) ? services[name] : undefined;
}

function checkOperation(
  services: AwsServices,
  service: AwsService | undefined,
  { service: name, operation }: DecodedCall,
): asserts service {
  if (service === undefined) {
    const known = Object.keys(services).join(", ");
    throw new AwsFailure(400, "UnknownOperationException", `There is no service "${name.slice(0, 64)}" here, expected one of ${known}`);
  }
  if (!service.operations.includes(operation)) {
    const known = [...service.operations].sort().join(", ");
    throw new AwsFailure(
      400,
      "UnknownOperationException",
      `${name} has no operation "${operation.slice(0, 64)}" here, expected one of ${known}`,
      {
        queryCode: "InvalidAction",
      },
    );
  }
}
