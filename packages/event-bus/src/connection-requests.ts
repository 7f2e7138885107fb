/** The schemas of requests about connections and API destinations, in EventBridge's spelling. */
import { z } from "zod";

const Name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[.\-_A-Za-z0-9]+$/);
const Description = z.string().max(512).optional();
/** The characters that a header may have. */
const Line = z
  .string()
  .max(512)
  .regex(/^[\x20-\x7e\t]*$/);
const Token = Line.min(1).regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
const Parameter = z.object({
  Key: z.string().min(1).max(512),
  Value: z.string().max(512).optional(),
  IsValueSecret: z.boolean().optional(),
});
const HeaderParameter = Parameter.extend({ Key: Token, Value: Line.optional() });

const AuthParameters = z.object({
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
const Endpoint = z
  .string()
  .min(1)
  .max(2_048)
  .regex(/^https?:\/\/[^\s]+$/);
const Method = z.enum(["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]);
const Rate = z.int().min(1).optional();
const ConnectionArn = z.string().min(1).max(1_600);
const Listed = { NamePrefix: z.string().optional(), Limit: z.int().min(1).max(100).optional(), NextToken: z.string().optional() };

/**
 * The schemas by operation; `oneByName` is shared by those that take a `Name` alone.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html
 */
export const requests = {
  createConnection: z.object({ Name, Description, AuthorizationType: z.enum(["BASIC", "API_KEY"]), AuthParameters }),
  updateConnection: z.object({
    Name,
    Description,
    AuthorizationType: z.enum(["BASIC", "API_KEY"]).optional(),
    AuthParameters: AuthParameters.optional(),
  }),
  oneByName: z.object({ Name }),
  listConnections: z.object({ ConnectionState: z.string().optional(), ...Listed }),
  createDestination: z.object({
    Name,
    Description,
    ConnectionArn,
    InvocationEndpoint: Endpoint,
    HttpMethod: Method,
    InvocationRateLimitPerSecond: Rate,
  }),
  updateDestination: z.object({
    Name,
    Description,
    ConnectionArn: ConnectionArn.optional(),
    InvocationEndpoint: Endpoint.optional(),
    HttpMethod: Method.optional(),
    InvocationRateLimitPerSecond: Rate,
  }),
  listDestinations: z.object({ ConnectionArn: z.string().optional(), ...Listed }),
} as const;
