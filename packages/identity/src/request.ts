/** The members of Cognito's requests, and how a request is read. */
import { validationFault } from "@serverlesspresso/aws-service";
import { z } from "zod";
import type { Core } from "./core.ts";
import { IdentityError } from "./errors.ts";

export const Username = z.string().min(1).max(254);
export const Password = z.string().min(1).max(1024);
export const ConfirmationCode = z.string().trim().min(1).max(32);
export const AccessToken = z.string().min(1).max(16_384);
export const RefreshToken = z.string().min(1).max(4096);
export const ClientId = z.string().min(1).max(128);
export const PoolId = z.string().min(1).max(128);
export const GroupName = z.string().regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u);
export const UserAttributes = z.array(z.object({ Name: z.string().min(1).max(64), Value: z.string().max(2048).default("") })).max(50);
export const ClientMetadata = z.object({ locale: z.string().max(35).optional(), device: z.string().max(256).optional() }).optional();

/** Reads a request by its schema. @throws {IdentityError} `InvalidParameterException` naming the first member that does not fit */
export function parse<Schema extends z.ZodType>(schema: Schema, request: unknown): z.output<Schema> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  throw new IdentityError("InvalidParameterException", validationFault(result.error, request).message);
}

/** @throws {IdentityError} `ResourceNotFoundException` where the client is not this pool's */
export function checkClient({ pool }: Core, clientId: string): void {
  if (clientId === pool.clientId) return;
  throw new IdentityError("ResourceNotFoundException", `User pool client ${clientId} does not exist.`);
}

/** @throws {IdentityError} `ResourceNotFoundException` where the pool is another */
export function checkPool({ pool }: Core, poolId: string): void {
  if (poolId === pool.poolId) return;
  throw new IdentityError("ResourceNotFoundException", `User pool ${poolId} does not exist.`);
}

/** The value of one attribute, or undefined. */
export function attribute(attributes: z.output<typeof UserAttributes> | undefined, name: string): string | undefined {
  return attributes?.find(({ Name }) => Name === name)?.Value;
}
