import { validationFault } from "@serverlesspresso/aws-service";
import type { JsonValue } from "@serverlesspresso/ports";
import type { z } from "zod";

/** A value as its schema has it; else what `failure` makes of the member and what is wrong with it. */
export function parse<T>(schema: z.ZodType<T>, value: JsonValue, failure: (cause: string) => Error): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const member = parsed.error.issues[0]?.path.join(".");
  const { constraint } = validationFault(parsed.error, value);
  throw failure(member ? `The field '${member}' is not valid: ${constraint}` : constraint);
}
