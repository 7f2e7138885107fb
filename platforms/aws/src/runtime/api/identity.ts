import type { Identity } from "@serverlesspresso/ports";

/** The claims of a token that API Gateway's JWT authorizer has verified. All are text there; a list comes as `[a b]`. */
export type Claims = Readonly<Record<string, unknown>>;

/** Who calls. Undefined where no access token was verified: an id token names the user, and gives no right to call. */
export function identityOf(claims: Claims | undefined): Identity | undefined {
  if (claims === undefined || claims.token_use !== "access" || typeof claims.sub !== "string" || claims.sub === "") return undefined;
  return { sub: claims.sub, groups: listOf(claims["cognito:groups"]) };
}

function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  const inner = typeof value === "string" ? /^\[(.*)\]$/s.exec(value)?.[1] : undefined;
  return (inner ?? "").split(/[\s,]+/).filter((name) => name !== "");
}
