import { expect, test } from "vitest";
import { callerAddress } from "./caller-address.ts";

const cloudFront = "130.176.0.1";
const key = { "x-deployment-key": "the-key" };

test.each([
  { what: "CA1: through CloudFront, its caller", headers: { ...key, "x-forwarded-for": "203.0.113.7" }, address: "203.0.113.7" },
  {
    what: "CA1: API Gateway has added CloudFront",
    headers: { ...key, "x-forwarded-for": "203.0.113.7, 130.176.0.1" },
    address: "203.0.113.7",
  },
  {
    what: "CA1: what the caller wrote there stands before",
    headers: { ...key, "x-forwarded-for": "198.51.100.1,203.0.113.7" },
    address: "203.0.113.7",
  },
  { what: "CA1: CloudFront said none", headers: key, address: cloudFront },
  { what: "CA2: called directly", headers: { "x-forwarded-for": "203.0.113.7" }, address: cloudFront },
  {
    what: "CA2: with a key that is not ours",
    headers: { "x-deployment-key": "the-kez", "x-forwarded-for": "203.0.113.7" },
    address: cloudFront,
  },
])("$what", ({ headers, address }) => expect(callerAddress(headers, cloudFront, "the-key")).toBe(address));
