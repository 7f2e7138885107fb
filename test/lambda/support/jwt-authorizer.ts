/** API Gateway's JWT authorizer: signature, issuer, audience or client, end, scope. Claims come out as text. */
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";

export interface JwtAuthorizerOptions {
  readonly jwks: () => JSONWebKeySet;
  readonly issuer: () => string;
  readonly audience: string;
  readonly scope: string;
  readonly nowMs: () => number;
}
export type Authorized =
  | { readonly kind: "granted"; readonly claims: Readonly<Record<string, string>>; readonly scopes: readonly string[] }
  | { readonly kind: "unauthorized"; readonly hint: string }
  | { readonly kind: "forbidden" };

export function createJwtAuthorizer(options: JwtAuthorizerOptions): (authorization: string | undefined) => Promise<Authorized> {
  return async (authorization) => {
    const token = (authorization ?? "").replace(/^Bearer /i, "");
    if (token === "") return { kind: "unauthorized", hint: "" };
    const payload = await verify(token, options).catch(() => undefined);
    if (payload === undefined) return { kind: "unauthorized", hint: ' error="invalid_token"' };
    const scopes = String(payload.scope ?? "").split(" ");
    if (!scopes.includes(options.scope)) return { kind: "forbidden" };
    return { kind: "granted", claims: textsOf(payload), scopes: [options.scope] };
  };
}

async function verify(token: string, { jwks, issuer, audience, nowMs }: JwtAuthorizerOptions): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks()), {
    algorithms: ["RS256"],
    issuer: issuer(),
    currentDate: new Date(nowMs()),
  });
  if (payload.aud !== audience && payload.client_id !== audience) throw new Error("another audience");
  return payload;
}

/** Lists are written `[a b]`, all else as text. */
function textsOf(payload: JWTPayload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [name, Array.isArray(value) ? `[${value.join(" ")}]` : String(value)]),
  );
}
