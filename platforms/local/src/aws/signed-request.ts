/** What a request shows of a signature before anything of it is checked: whether it is a call of AWS's, and for which service. */
import type { WireHeaders } from "./wire-request.ts";

/** Returns whether a request is one of AWS's, wherever it goes. */
export function isSigned(headers: Pick<WireHeaders, "get">): boolean {
  return headers.get("authorization")?.startsWith("AWS4-HMAC-SHA256 ") === true;
}

/** Returns whether it is an address that bears its signature: nothing here is reached by one. */
export function isPresigned(url: string): boolean {
  return /[?&]X-Amz-Signature=/i.test(url);
}

/** What a signature's scope calls the service. */
export function signingNameOf(headers: Pick<WireHeaders, "get">): string {
  const authorization = headers.get("authorization") ?? "";
  const credential = authorization.slice(authorization.indexOf("Credential="));
  return /^Credential=[^/,]+\/\d+\/[\w-]+\/([\w-]{1,40})\//.exec(credential)?.[1] ?? "";
}
