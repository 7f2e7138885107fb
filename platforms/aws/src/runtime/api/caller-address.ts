/**
 * Where a call comes from.
 *
 * CA1. A call through CloudFront has an address of CloudFront's. CloudFront adds the caller's own to `X-Forwarded-For`, behind what the caller
 *     wrote there.
 * CA2. CloudFront alone knows the key of the deployment, which it adds to each call. Of a call without it the connection's own address counts:
 *     a client that calls API Gateway directly could name any.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomIPAddresses
 */
import { isSameText } from "@serverlesspresso/services/shared/same-text.ts";

/** The header in which CloudFront says the key. */
export const edgeKeyHeader = "x-deployment-key";

/** Returns the caller's address. @param headers with names in lower case */
export function callerAddress(headers: Readonly<Record<string, string>>, connectionAddress: string, edgeKey: string): string {
  if (!isSameText(headers[edgeKeyHeader] ?? "", edgeKey)) return connectionAddress;
  const listed = (headers["x-forwarded-for"] ?? "").split(",").map((address) => address.trim());
  // API Gateway may have added CloudFront's.
  return listed.findLast((address) => address !== "" && address !== connectionAddress) ?? connectionAddress;
}
