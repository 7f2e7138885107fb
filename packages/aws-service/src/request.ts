import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import type { AwsServiceError } from "./service-error.ts";
import { type ValidationFault, validationFault } from "./validation-words.ts";

/** Reads a request by its schema. @throws {AwsServiceError} in the service's own words */
export type ParseRequest = <Schema extends z.ZodType>(schema: Schema, request: unknown) => z.output<Schema>;

/** The input of an operation that reads its request itself. */
export const asGiven = z.custom<JsonObject>();

/** Makes a service's `ParseRequest`. @param refuse the service's error for the first member that does not fit */
export function requestParser(refuse: (fault: ValidationFault) => AwsServiceError): ParseRequest {
  return (schema, request) => {
    const parsed = schema.safeParse(request);
    if (parsed.success) return parsed.data;
    throw refuse(validationFault(parsed.error, request));
  };
}
