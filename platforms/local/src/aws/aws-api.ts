/**
 * AWS's wire protocols at the gateway: decode, prove who calls, call the engine, encode. There is no second implementation behind them.
 *
 * W1. The user pool's public operations carry their own proof; every other call is signed with the installation's access key, or bears an operator's token, as the console's do.
 * W2. Errors have AWS's shape in the protocol of the call, and say nothing of the inside.
 * W3. A body is read only as far as its service allows, and only after its headers were found in order.
 * W4. Calls that come in together take turns with everything else.
 * W5. What a call without any proof may hold is a fraction of what others may: it costs no noticeable time, whatever is in it.
 * W6. A call of what is not here is answered in its own protocol with what is, with or without credentials.
 */
import { isChanging, type OperationDescription, type ServiceDescription } from "@serverlesspresso/aws-service";
import { strangersLimits } from "@serverlesspresso/blueprint/edge/strict-json.ts";
import type { Ids, JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { type KeyNames, namesOf } from "../audit/about.ts";
import type { Act, Audit } from "../audit/audit.ts";
import type { RateLimits } from "../http/rate-limits.ts";
import type { Source } from "../http/source.ts";
import { type Authenticate, missing, type Proof } from "./authenticate.ts";
import { unpack } from "./body.ts";
import { addressCborCall } from "./cbor-protocol.ts";
import { AwsFailure, failureOf } from "./failure.ts";
import { addressJsonCall } from "./json-protocol.ts";
import type { AddressedCall } from "./protocol.ts";
import { addressQueryCall } from "./query-protocol.ts";
import { type AddressRestCall, createAddressRestCall, failRest } from "./rest-protocol.ts";
import { isPresigned, isSigned, signingNameOf } from "./signed-request.ts";
import { createTurns } from "./turns.ts";
import { addressUnsupportedCall, notSupported } from "./unsupported.ts";
import type { AwsApi, WireAnswer, WireRequest } from "./wire-request.ts";
import type { WireService, WireServices } from "./wire-service.ts";

/** The services that the AWS API serves, and its checks of who calls. */
export interface AwsApiOptions {
  readonly services: WireServices;
  readonly authenticate: Authenticate;
  /** The subject of the operator whose token the request bears, if it does. */
  readonly operatorOf: (authorization: string) => Promise<string | undefined>;
  readonly audit: Audit;
  readonly keyNames: KeyNames;
  /** Whether signed calls from this address are answered. */
  readonly answersSigned: (address: string) => boolean;
  readonly rateLimits: RateLimits;
  readonly ids: Pick<Ids, "uuid">;
  /** Whether a flush failed. From then on nothing can be stored. */
  readonly hasStoreFailed: () => boolean;
  readonly onError: (error: unknown, what: string) => void;
}

/** Writes within the transaction of a call, at its end. */
type Note = (tx: Transaction) => void;
/** Calls the operation; one that waits makes its transactions itself, and notes nothing. */
type Run = (note?: Note) => Promise<JsonObject>;

/** Calls without any proof, from one address: a conference signs in within minutes. */
const perAddress = { burst: 1_000, perMinute: 1_000 };
/** Where only the body names its service. */
const mostBytesOfForms = 4 * 1024 * 1024;
const mostBytesOfStrangers = 16 * 1024;
const fromThisMachineAlone =
  "Signed calls are answered from the machine that serves them alone; --wire lan at its start opens them to the network";
/** Where who calls is known without a signature. */
const sufficient: Proof = { verify: () => {}, expectService: () => {}, note: () => {}, keep: async () => {} };
/** Where it does not matter who calls (W5). */
const none: Proof = { ...sufficient };

/** Returns the handler of AWS API requests; it resolves with a response for failures too. */
export function createAwsApi(options: AwsApiOptions): AwsApi {
  const { services } = options;
  const turns = createTurns();
  const addressRestCall = createAddressRestCall(services);

  async function answer(request: WireRequest, source: Source): Promise<WireAnswer> {
    const requestId = options.ids.uuid();
    let addressed: AddressedCall | undefined;
    const called: { service?: ServiceDescription } = {};
    try {
      addressed = addressCall(request, services, addressRestCall);
      return (await perform(addressed, request, source, called))(requestId);
    } catch (error) {
      const failure = failureOf(error, called.service, options);
      return addressed === undefined ? failRest(failure, requestId) : addressed.fail(failure, requestId);
    }
  }

  /** @param called filled with the service as soon as it is known, for the answer to a failure */
  async function perform(
    addressed: AddressedCall,
    request: WireRequest,
    source: Source,
    called: { service?: ServiceDescription },
  ): Promise<(requestId: string) => WireAnswer> {
    addressed.refuse?.();
    const named = services.get(addressed.service ?? "");
    if (addressed.service !== undefined && addressed.operation !== undefined)
      checkOperation(services, named, addressed.service, addressed.operation);
    const proof = proveNothing(addressed, named, source) ?? (await proveCaller(addressed, named, request, source));
    const mostBytes = proof === none ? mostBytesOfStrangers : (named?.service.mostBytes ?? mostBytesOfForms);
    const body = await request.read(mostBytes);
    proof.verify(body);
    const unpacked = await unpack(body, request.headers.get("content-encoding"), mostBytes);
    const call = addressed.decode(unpacked, proof === none ? strangersLimits : undefined);
    const service = services.get(call.service);
    checkOperation(services, service, call.service, call.operation);
    called.service = service.service;
    proof.expectService(service.service.signingNames);
    const caller = {
      address: source.address,
      origin: `${source.scheme}://${source.host}${source.prefix}`,
      get signal() {
        return request.signal;
      },
    };
    // Goes on in `callOperation` of packages/aws-service: what it writes is durable before it resolves.
    const run: Run = (note) => turns.run(() => service.call(call.operation, call.request, caller, note));
    const operation = service.service.operations[call.operation] as OperationDescription;
    const act = {
      who: proof.who ?? "access key",
      address: source.address,
      what: `${service.service.signingNames[0]}:${call.operation}`,
      about: namesOf(call.request, options.keyNames),
    };
    const result = await (isChanging(operation) ? change(operation, proof, act, run) : run());
    return (requestId) => addressed.answer(result, call, requestId);
  }

  /** That it was called is on disk before what it changes, or with it; of a call that fails too, which may find tomorrow what it lacked today. */
  async function change(operation: OperationDescription, proof: Proof, act: Act, run: Run): Promise<JsonObject> {
    const isAudited = proof !== none && operation.isStreaming !== true;
    if (operation.waits) {
      const kept = proof.keep();
      const done = isAudited
        ? options.audit.around(
            act,
            () => run(),
            () => ({ status: 200 }),
          )
        : run();
      await Promise.allSettled([done, kept]);
      await kept;
      return done;
    }
    const attempt = (note: Note): Promise<JsonObject> =>
      run((tx) => {
        proof.note(tx);
        note(tx);
      }).catch(async (error: unknown) => {
        await proof.keep();
        throw error;
      });
    return isAudited ? options.audit.within(act, attempt) : attempt(() => {});
  }

  /** W1. Undefined where the call is not for everybody. */
  function proveNothing({ operation, isForStrangers }: AddressedCall, service: WireService | undefined, { address }: Source) {
    if (operation === undefined || isForStrangers !== true || service === undefined || !isPublic(service, operation)) return undefined;
    const waitSeconds = options.rateLimits.take(`aws address ${address}`, perAddress);
    if (waitSeconds === 0) return none;
    throw new AwsFailure(400, "TooManyRequestsException", "Rate exceeded", { headers: { "retry-after": String(waitSeconds) } });
  }

  /** W1, W3. */
  async function proveCaller(
    { operation = "" }: AddressedCall,
    service: WireService | undefined,
    request: WireRequest,
    source: Source,
  ): Promise<Proof> {
    const authorization = request.headers.get("authorization") ?? "";
    if (/^Bearer /i.test(authorization)) {
      const who = await options.operatorOf(authorization);
      if (who !== undefined) return { ...sufficient, who };
      throw new AwsFailure(403, "AccessDeniedException", `User is not authorized to perform: ${operation.slice(0, 64)}`);
    }
    if (!options.answersSigned(source.address)) throw new AwsFailure(403, "AccessDeniedException", fromThisMachineAlone);
    const proof = options.authenticate(request, source);
    if (service !== undefined) proof.expectService(service.service.signingNames);
    return proof;
  }

  return answer;
}

/** Returns the call that a request addresses, in its protocol. @throws {AwsFailure} for an unknown protocol */
function addressCall(request: WireRequest, services: WireServices, addressRestCall: AddressRestCall): AddressedCall {
  const { headers, pathname } = request;
  const target = headers.get("x-amz-target");
  const contentType = headers.get("content-type") ?? "";
  const found = addressCborCall(pathname, headers, services) ?? addressRestCall(request);
  if (found !== undefined) return found;
  if (target !== null) return addressJsonCall(target, contentType, services);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) return addressQueryCall(signingNameOf(headers), services);
  if (isSigned(headers)) return addressUnsupportedCall(request, services);
  if (isPresigned(`?${request.query}`)) throw missing();
  throw new AwsFailure(pathname === "/" ? 400 : 404, "UnknownOperationException", "No operation has this address");
}

/** W6. */
function checkOperation(services: WireServices, service: WireService | undefined, name: string, operation: string): asserts service {
  if (!service?.operations.includes(operation)) throw notSupported(services, name, service, operation);
}

function isPublic({ service, operations }: WireService, operation: string): boolean {
  return operations.includes(operation) && service.operations[operation]?.isPublic === true;
}
