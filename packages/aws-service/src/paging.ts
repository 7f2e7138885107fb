/**
 * Long answers in pages.
 *
 * P1. A token goes on where its page ended, for the operation and the members of the request that it was given for alone; `Limit` and its like may differ.
 * P2. Any other token is refused, in the service's own words, before the operation runs. It is no secret and no proof: it holds a position, and a
 *     checksum of what it is for. What a position is, the operation checks where it asks for it.
 */
import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { z } from "zod";
import type { AwsServiceError } from "./service-error.ts";

/** How a service pages: the names of the members, and how it refuses a token. */
export interface PagingRules {
  /** Of a request, and of an answer unless `next` says another: `NextToken`. */
  readonly token: string;
  readonly next?: string;
  /** The request's member that says how many, where there is one: `MaxResults`. */
  readonly limit?: string;
  /** How many where the request does not say; 0 counts as not saying. */
  readonly most: number;
  /** How many at most, whatever the request says. */
  readonly cap?: number;
  /** The error for a token that is not one of this request. */
  readonly refuse: () => AwsServiceError;
}

/** The page that a request asks for. */
export interface Page {
  /** How many it may hold. */
  readonly limit: number;
  /** The position where the last page ended; undefined for the first page. @throws {AwsServiceError} for a position of another kind (P2) */
  after<Position>(schema: z.ZodType<Position>): Position | undefined;
  /** The answer's member for going on after `position`; none where that is undefined. */
  next(position: JsonValue | undefined): JsonObject;
  /** Cuts the page out of a list, whose order stays the same between pages. @throws {AwsServiceError} like `after` */
  cut<Item>(items: readonly Item[]): { readonly items: Item[]; readonly next: JsonObject };
}

const Index = z.int().min(0);

/** Returns the page of one request to one operation. @throws {AwsServiceError} for a token of another request (P2) */
export function pageOf(rules: PagingRules, operation: string, request: JsonObject): Page {
  const { [rules.token]: token, [rules.limit ?? ""]: asked, ...about } = request;
  const limit = Math.min(typeof asked === "number" && asked > 0 ? asked : rules.most, rules.cap ?? Number.POSITIVE_INFINITY);

  const isFirst = token === undefined || token === null;
  const [check, reached] = isFirst ? [] : contentsOf(token);
  if (!isFirst && check !== checkOf(operation, about)) throw rules.refuse();

  function after<Position>(schema: z.ZodType<Position>): Position | undefined {
    if (isFirst) return undefined;
    const parsed = schema.safeParse(reached);
    if (!parsed.success) throw rules.refuse();
    return parsed.data;
  }

  const next = (position: JsonValue | undefined): JsonObject =>
    position === undefined ? {} : { [rules.next ?? rules.token]: tokenOf([checkOf(operation, about), position]) };

  return {
    limit,
    after,
    next,
    cut(items) {
      const from = after(Index) ?? 0;
      const end = from + limit;
      return { items: items.slice(from, end), next: next(end < items.length ? end : undefined) };
    },
  };
}

/** P1: the members count, not their order. */
function checkOf(operation: string, about: JsonObject): string {
  const members = Object.entries(about).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([operation, members]))
    .digest("base64url")
    .slice(0, 8);
}

function tokenOf(contents: JsonValue): string {
  return Buffer.from(JSON.stringify(contents)).toString("base64url");
}

/** `[check, position]`, or nothing of it. */
function contentsOf(token: JsonValue): readonly unknown[] {
  try {
    const contents: unknown = JSON.parse(Buffer.from(String(token), "base64url").toString());
    return Array.isArray(contents) && contents.length === 2 ? contents : [];
  } catch {
    return [];
  }
}
