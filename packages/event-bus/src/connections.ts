/**
 * Connections: the credentials of calls over HTTP. API destinations: the endpoints to which rules send events over HTTP.
 *
 * CN1. A secret is used only in the requests of its connection: no operation returns it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Key, ReadView } from "@serverlesspresso/store";
import type { AuthParameters } from "./auth-parameters.ts";
import type { Place } from "./envelope.ts";
import { EventBusError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";

/** A connection as it is stored, its secrets included. */
export interface Connection {
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  readonly authorizationType: "BASIC" | "API_KEY";
  readonly authParameters: AuthParameters;
  readonly description?: string;
  readonly createdMs: number;
  readonly changedMs: number;
}

/** An API destination as it is stored. `ratePerSecond` is its invocation rate limit. */
export interface ApiDestination {
  readonly name: string;
  readonly id: string;
  readonly connectionArn: string;
  readonly endpoint: string;
  readonly method: string;
  readonly ratePerSecond: number;
  readonly description?: string;
  readonly createdMs: number;
  readonly changedMs: number;
}

/** The headers, query parameters and body members that a connection adds to every request. Some are secrets. */
export interface ConnectionParameters {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
}

/** Returns the key of the record of a connection. */
export const connectionKey = (name: string): Key => kinds.connections.key(name);
/** Returns the key of the record of an API destination. */
export const destinationKey = (name: string): Key => kinds.destinations.key(name);
/** Returns all connections in the order of their names. */
export const listConnections = (view: ReadView): Connection[] => view.scan<Connection>(kinds.connections.range()).map(([, found]) => found);
/** Returns all API destinations in the order of their names. */
export const listDestinations = (view: ReadView): ApiDestination[] =>
  view.scan<ApiDestination>(kinds.destinations.range()).map(([, found]) => found);

/** Returns a connection by its name. @throws {EventBusError} `ResourceNotFoundException` */
export function getConnection(view: ReadView, name: string): Connection {
  const found = view.get<Connection>(connectionKey(name));
  if (found !== undefined) return found;
  throw new EventBusError("ResourceNotFoundException", `Failed to describe the connection(s). Connection '${name}' does not exist.`);
}

/** Returns an API destination by its name. @throws {EventBusError} `ResourceNotFoundException` */
export function getDestination(view: ReadView, name: string): ApiDestination {
  const found = view.get<ApiDestination>(destinationKey(name));
  if (found !== undefined) return found;
  throw new EventBusError(
    "ResourceNotFoundException",
    `Failed to describe the api-destination(s). An api-destination '${name}' does not exist.`,
  );
}

/** Returns `NAME` and `ID` of `...:connection/NAME/ID` or `...:api-destination/NAME/ID`; undefined for any other ARN. */
export function partsOfArn(
  arn: string,
  kind: "connection" | "api-destination",
): { readonly name: string; readonly id: string } | undefined {
  const [head = "", name, id] = arn.split("/");
  return head.endsWith(`:${kind}`) && name !== undefined && id !== undefined ? { name, id } : undefined;
}

/** Returns what a connection adds to a request, its secrets included; undefined if no connection has that ARN. */
export function parametersOf(view: ReadView, connectionArn: string): ConnectionParameters | undefined {
  const parts = partsOfArn(connectionArn, "connection");
  const found = parts && view.get<Connection>(connectionKey(parts.name));
  if (found === undefined || found.id !== parts?.id) return undefined;
  const { authorizationType, authParameters } = found;
  const { BasicAuthParameters, ApiKeyAuthParameters, InvocationHttpParameters: more } = authParameters;
  const basic = authorizationType === "BASIC" ? BasicAuthParameters : undefined;
  const key = authorizationType === "API_KEY" ? ApiKeyAuthParameters : undefined;
  const credentials = basic && Buffer.from(`${basic.Username}:${basic.Password}`).toString("base64");
  return {
    headers: {
      ...byKey(more?.HeaderParameters),
      ...(credentials !== undefined && { Authorization: `Basic ${credentials}` }),
      ...(key && { [key.ApiKeyName]: key.ApiKeyValue }),
    },
    query: byKey(more?.QueryStringParameters),
    body: byKey(more?.BodyParameters),
  };
}

type Parameters = NonNullable<NonNullable<AuthParameters["InvocationHttpParameters"]>["HeaderParameters"]>;

function byKey(parameters: Parameters = []): Record<string, string> {
  return Object.fromEntries(parameters.map(({ Key, Value = "" }) => [Key, Value]));
}

/** Returns the ARN of a connection. */
export function connectionArnOf({ name, id }: Connection, { account, region }: Place): string {
  return `arn:aws:events:${region}:${account}:connection/${name}/${id}`;
}

/** Returns the ARN of an API destination. */
export function destinationArnOf({ name, id }: ApiDestination, { account, region }: Place): string {
  return `arn:aws:events:${region}:${account}:api-destination/${name}/${id}`;
}

/** Returns the response of DescribeConnection, without secrets (CN1). */
export function describeConnection(connection: Connection, place: Place): JsonObject {
  const { name, id, authParameters, description } = connection;
  const { BasicAuthParameters: basic, ApiKeyAuthParameters: key, InvocationHttpParameters: more } = authParameters;
  return {
    ...summarizeConnection(connection, place),
    ...(description !== undefined && { Description: description }),
    SecretArn: `arn:aws:secretsmanager:${place.region}:${place.account}:secret:events!connection/${name}/${id}`,
    AuthParameters: {
      ...(basic && { BasicAuthParameters: { Username: basic.Username } }),
      ...(key && { ApiKeyAuthParameters: { ApiKeyName: key.ApiKeyName } }),
      ...(more && {
        InvocationHttpParameters: Object.fromEntries(Object.entries(more).map(([kind, list]) => [kind, (list ?? []).map(withoutSecret)])),
      }),
    },
  };
}

function withoutSecret({ Key, Value, IsValueSecret = false }: Parameters[number]): JsonObject {
  return { Key, ...(Value !== undefined && !IsValueSecret && { Value }), IsValueSecret };
}

/** Returns a connection as ListConnections has it. */
export function summarizeConnection(connection: Connection, place: Place): JsonObject {
  const { name, authorizationType, createdMs, changedMs } = connection;
  return {
    ConnectionArn: connectionArnOf(connection, place),
    Name: name,
    ConnectionState: "AUTHORIZED",
    AuthorizationType: authorizationType,
    CreationTime: createdMs / 1000,
    LastModifiedTime: changedMs / 1000,
    LastAuthorizedTime: changedMs / 1000,
  };
}

/** Returns the response of DescribeApiDestination. */
export function describeDestination(destination: ApiDestination, place: Place): JsonObject {
  const { name, connectionArn, endpoint, method, ratePerSecond, description, createdMs, changedMs } = destination;
  return {
    ApiDestinationArn: destinationArnOf(destination, place),
    Name: name,
    ...(description !== undefined && { Description: description }),
    ApiDestinationState: "ACTIVE",
    ConnectionArn: connectionArn,
    InvocationEndpoint: endpoint,
    HttpMethod: method,
    InvocationRateLimitPerSecond: ratePerSecond,
    CreationTime: createdMs / 1000,
    LastModifiedTime: changedMs / 1000,
  };
}
