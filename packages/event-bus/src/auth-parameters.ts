/** What a connection adds to its requests, as its operations take it and as it is stored. */
import { z } from "zod";

/** The characters that a header may have. */
const Line = z
  .string()
  .max(512)
  .regex(/^[\x20-\x7e\t]*$/);
/** A header's name. */
const Token = Line.min(1).regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
const Parameter = z.object({
  Key: z.string().min(1).max(512),
  Value: z.string().max(512).optional(),
  IsValueSecret: z.boolean().optional(),
});
const HeaderParameter = Parameter.extend({ Key: Token, Value: Line.optional() });

/** The credentials of a connection, and further parameters. */
export const AuthParameters = z.object({
  BasicAuthParameters: z.object({ Username: z.string().min(1).max(512), Password: z.string().min(1).max(512) }).optional(),
  ApiKeyAuthParameters: z.object({ ApiKeyName: Token, ApiKeyValue: Line.min(1) }).optional(),
  InvocationHttpParameters: z
    .object({
      HeaderParameters: z.array(HeaderParameter).max(100).optional(),
      QueryStringParameters: z.array(Parameter).max(100).optional(),
      BodyParameters: z.array(Parameter).max(100).optional(),
    })
    .optional(),
});
/** The same as a value. */
export type AuthParameters = z.infer<typeof AuthParameters>;
