import type { JsonValue } from "@serverlesspresso/ports";
import { z } from "zod";
import type { Route } from "../http/route.ts";
import type { Audit } from "./audit.ts";

const AuditQuery = z.strictObject({
  maxItems: z.coerce.number().int().min(1).max(200).default(50),
  next: z.coerce.number().int().min(1).optional(),
});

/** `GET /audit`: what operators did, newest first. */
export function createAuditRoute(audit: Audit): Route {
  return {
    method: "GET",
    path: "/audit",
    who: "operator",
    limit: { name: "system", per: "address", burst: 5_000, perMinute: 60_000 },
    query: AuditQuery,
    async handle({ queryStringParameters: { maxItems, next } }) {
      const page = audit.list(Number(maxItems), next === undefined ? undefined : Number(next));
      return { statusCode: 200, body: page as unknown as JsonValue };
    },
  };
}
