/** What several of EventBridge's requests have, in its spelling. */
import { requestParser } from "@serverlesspresso/aws-service";
import { z } from "zod";
import { invalid } from "./errors.ts";

/** The name of a rule, a target, a connection or an API destination. */
export const Name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[.\-_A-Za-z0-9]+$/);
/** A bus by its name or ARN; the default bus where it is absent. */
export const EventBusName = z.string().min(1).max(1600).optional();
/** The text that describes a resource. */
export const Description = z.string().max(512).optional();
/** Any resource's ARN. */
export const Arn = z.string().min(1).max(1600);
/** What lists take of pages. */
export const page = { Limit: z.int().min(1).max(100).optional(), NextToken: z.string().optional() };
/** Tags as operations take them. */
export const Tags = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }));

/** Parses a request. @throws {EventBusError} `ValidationException` that names the member and its fault */
export const parseRequest = requestParser(({ message }) => invalid(message));
