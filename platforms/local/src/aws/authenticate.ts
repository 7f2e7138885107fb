/**
 * Whether a request was signed by the holder of this installation's access key.
 *
 * V1. What is known from the headers alone (key, scope, date) is judged before the body is read.
 * V2. The host, the date and every `X-Amz-*` header there is must be signed, so that none can be changed or added.
 * V3. A signature holds for 15 minutes around its date, by the machine's own time, whatever the shop's clock says; one that is older is refused, so a recorded request cannot be sent again later.
 * V4. The body must be what was signed. `UNSIGNED-PAYLOAD` counts only where that header says so and is signed.
 * V5. Keys and signatures are compared in constant time.
 * V6. Within these minutes a signature is good once. A call that names itself (`amz-sdk-invocation-id`, as the SDKs' do) is refused at its second coming; without such a name, the
 *     same call made twice within a second has one signature, so that a repeat is refused five seconds after the first on. A call that changed something is known after a restart too (`used-signatures.ts`).
 */
import { timingSafeEqual } from "node:crypto";
import type { Transaction } from "@serverlesspresso/store";
import type { Source } from "../http/source.ts";
import type { AwsCredentials } from "./credentials.ts";
import { AwsFailure } from "./failure.ts";
import { createSigner, type Scope, sha256 } from "./signature.ts";
import type { UsedSignatures } from "./used-signatures.ts";
import type { WireHeaders, WireRequest } from "./wire-request.ts";

/** The access key and region that signatures must name, and the time that they must be of. */
export interface AuthenticatorOptions {
  readonly credentials: AwsCredentials;
  readonly region: string;
  /** The time on the wall: it must follow the machine's clock even where that is set. */
  readonly wallClockMs: () => number;
  readonly used: UsedSignatures;
}

/** A request whose headers are in order. Both throw {AwsFailure} 403. */
export interface Proof {
  /** The user, where it was a user's token. */
  readonly who?: string;
  verify(body: Uint8Array): void;
  /** Makes that it is known after a restart that the call was answered, with the transaction of what it changes. */
  note(tx: Transaction): void;
  /** The same for a call that failed, or before one that makes its transactions itself. Resolves once it is durable. */
  keep(): Promise<void>;
  /** The signature must be for a service of one of these names. */
  expectService(signingNames: readonly string[]): void;
}
/** Judges the headers (V1). @throws {AwsFailure} 403 */
export type Authenticate = (request: WireRequest, source: Pick<Source, "host" | "prefix">) => Proof;

const mostSkewMs = 15 * 60_000;
const mismatch =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const wasUsed = "Signature was used before: a signed request is answered once.";

/**
 * Returns the check of a request's signature, version 4.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export function createAuthenticate({ credentials, region, wallClockMs, used }: AuthenticatorOptions): Authenticate {
  const signer = createSigner(credentials.secretAccessKey);
  return (request, { host, prefix }) => {
    const { keyId, scope, signedNames, signature } = readAuthorization(request.headers);
    if (!isSame(keyId, credentials.accessKeyId) || request.headers.has("x-amz-security-token")) throw unknownKey();
    const date = readDate(request.headers, scope);
    const atMs = instantOf(date);
    checkSkew(date, atMs, wallClockMs());
    if (scope.region !== region) throw wrongSignature(`Credential should be scoped to a valid region, expected '${region}'.`);
    checkSignedNames(request.headers, signedNames);
    return {
      expectService(names) {
        if (!names.includes(scope.service)) throw wrongSignature(`Credential should be scoped to correct service: '${names[0]}'.`);
      },
      verify(body) {
        const expected = signer.sign({
          method: request.method,
          // As the caller wrote it: a proxy may have taken its own part off.
          path: `${prefix}${request.pathname}`,
          query: request.query,
          headers: signedNames.map((name) => [name, (name === "host" ? host : request.headers.get(name)) ?? ""]),
          bodyHash: bodyHashOf(request.headers, body),
          date,
          scope,
        });
        if (!isSame(signature, expected)) throw wrongSignature(mismatch);
        if (!used.take(expected, signedNames.includes("amz-sdk-invocation-id"), atMs + mostSkewMs)) throw wrongSignature(wasUsed);
      },
      note: (tx) => used.note(tx, signature),
      keep: () => used.keep(signature),
    };
  };
}

interface Authorization {
  readonly keyId: string;
  readonly scope: Scope;
  readonly signedNames: readonly string[];
  readonly signature: string;
}

function readAuthorization(headers: WireHeaders): Authorization {
  const text = headers.get("authorization");
  if (text === null) throw missing();
  const members = /^AWS4-HMAC-SHA256\s+(\S.*)$/.exec(text)?.[1];
  if (members === undefined) throw incomplete("Authorization header requires 'AWS4-HMAC-SHA256' as its algorithm.");
  const given = new Map(members.split(",").map((member) => member.trim().split("=", 2) as [string, string]));
  const [keyId, day, region, service, end] = (given.get("Credential") ?? "").split("/");
  const signature = given.get("Signature") ?? "";
  const signedNames = (given.get("SignedHeaders") ?? "").split(";");
  if (!keyId || !day || !region || !service || end !== "aws4_request")
    throw incomplete("Authorization header requires 'Credential' parameter.");
  if (signature === "") throw incomplete("Authorization header requires 'Signature' parameter.");
  const isInOrder = signedNames.every(
    (name, at) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && (at === 0 || (signedNames[at - 1] ?? "") < name),
  );
  if (!isInOrder) throw incomplete("Authorization header requires 'SignedHeaders' parameter.");
  return { keyId, scope: { day, region, service }, signedNames, signature };
}

function readDate(headers: WireHeaders, { day }: Scope): string {
  const given = headers.get("x-amz-date");
  const parsedMs = Date.parse(headers.get("date") ?? "");
  const date = given ?? (Number.isNaN(parsedMs) ? "" : compact(parsedMs));
  if (!/^\d{8}T\d{6}Z$/.test(date) || Number.isNaN(instantOf(date))) {
    throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (!date.startsWith(day))
    throw wrongSignature(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}'.`);
  return date;
}

/** V3. */
function checkSkew(date: string, atMs: number, nowMs: number): void {
  if (atMs < nowMs - mostSkewMs)
    throw expired(`Signature expired: ${date} is now earlier than ${compact(nowMs - mostSkewMs)} (${compact(nowMs)} - 15 min.)`);
  if (atMs > nowMs + mostSkewMs)
    throw expired(`Signature not yet current: ${date} is still later than ${compact(nowMs + mostSkewMs)} (${compact(nowMs)} + 15 min.)`);
}

/** V2. */
function checkSignedNames(headers: WireHeaders, signedNames: readonly string[]): void {
  const needed = [
    "host",
    ...(headers.has("x-amz-date") ? [] : ["date"]),
    ...[...headers.keys()].filter((name) => name.startsWith("x-amz-")),
  ];
  const unsigned = needed.find((name) => !signedNames.includes(name));
  if (unsigned !== undefined) throw wrongSignature(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
}

/** V4. */
function bodyHashOf(headers: WireHeaders, body: Uint8Array): string {
  const declared = headers.get("x-amz-content-sha256");
  const actual = sha256(body);
  if (declared !== null && declared !== "UNSIGNED-PAYLOAD" && !isSame(declared, actual)) {
    throw wrongSignature("The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
  return declared ?? actual;
}

/** V5. Hashes have one length, whatever was given. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(expected)));
}

function instantOf(date: string): number {
  const at = (from: number, to: number): string => date.slice(from, to);
  return Date.parse(`${at(0, 4)}-${at(4, 6)}-${at(6, 8)}T${at(9, 11)}:${at(11, 13)}:${at(13, 15)}Z`);
}

function compact(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Nothing proves who calls. */
export function missing(): AwsFailure {
  return new AwsFailure(403, "MissingAuthenticationTokenException", "Missing Authentication Token", {
    queryCode: "MissingAuthenticationToken",
  });
}

function incomplete(message: string): AwsFailure {
  return new AwsFailure(403, "IncompleteSignatureException", message, { queryCode: "IncompleteSignature" });
}

function unknownKey(): AwsFailure {
  return new AwsFailure(403, "UnrecognizedClientException", "The security token included in the request is invalid.", {
    queryCode: "InvalidClientTokenId",
  });
}

function wrongSignature(message: string): AwsFailure {
  return new AwsFailure(403, "InvalidSignatureException", message, { queryCode: "SignatureDoesNotMatch" });
}

function expired(message: string): AwsFailure {
  return new AwsFailure(403, "InvalidSignatureException", message, { queryCode: "RequestExpired" });
}
