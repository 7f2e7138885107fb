/** The members of Cognito's requests, and how a request is read. */
import { requestParser } from "@serverlesspresso/aws-service";
import { z } from "zod";
import type { PoolEngine } from "./engine.ts";
import { IdentityError, invalid } from "./errors.ts";

/** An e-mail address or a `sub`; any other text names no user. */
export const Username = z.string().min(1).max(254);
/** A password; what it must have is checked by `checkPassword`. */
export const Password = z.string().min(1).max(1024);
/** A mailed code, perhaps copied with spaces around it. */
export const ConfirmationCode = z.string().trim().min(1).max(32);
/** Longer ones are refused before they are verified. */
export const AccessToken = z.string().min(1).max(16_384);
/** A session's refresh token. */
export const RefreshToken = z.string().min(1).max(4096);
/** The app client that a call is for. */
export const ClientId = z.string().min(1).max(128);
/** The pool that a call is for. */
export const PoolId = z.string().min(1).max(128);
/** Letters, marks, signs, numbers and punctuation; no space. */
export const GroupName = z.string().regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u);
/** Attributes as Cognito lists them; a missing value is an empty text. */
export const UserAttributes = z.array(z.object({ Name: z.string().min(1).max(64), Value: z.string().max(2048).default("") })).max(50);
/** What a client says of itself: its locale, and the id of its device (D1). */
export const ClientMetadata = z.object({ locale: z.string().max(35).optional(), device: z.string().max(256).optional() }).optional();

/** Reads what an operation does not parse with its request. @throws {IdentityError} `InvalidParameterException` naming the first member that does not fit */
export const parse = requestParser(({ message }) => invalid(message));

/** @throws {IdentityError} `ResourceNotFoundException` where the client is not this pool's */
export function checkClient({ pool }: PoolEngine, clientId: string): void {
  if (clientId === pool.clientId) return;
  throw new IdentityError("ResourceNotFoundException", `User pool client ${clientId} does not exist.`);
}

/** @throws {IdentityError} `ResourceNotFoundException` where the pool is another */
export function checkPool({ pool }: PoolEngine, poolId: string): void {
  if (poolId === pool.poolId) return;
  throw new IdentityError("ResourceNotFoundException", `User pool ${poolId} does not exist.`);
}

/** The value of one attribute, or undefined. */
export function attribute(attributes: z.output<typeof UserAttributes> | undefined, name: string): string | undefined {
  return attributes?.find(({ Name }) => Name === name)?.Value;
}
