/** EventBridge's operations on connections and API destinations. */
import { absent } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { AuthParameters } from "./auth-parameters.ts";
import {
  type ApiDestination,
  type Connection,
  connectionArnOf,
  connectionKey,
  describeConnection,
  describeDestination,
  destinationArnOf,
  destinationKey,
  getConnection,
  getDestination,
  listConnections,
  listDestinations,
  parametersOf,
  summarizeConnection,
} from "./connections.ts";
import { type BusEngine, list, read, write } from "./engine.ts";
import { EventBusError, invalid } from "./errors.ts";
import { Arn, Description, Name, page } from "./request.ts";

const defaultRatePerSecond = 300;

const ByName = z.object({ Name });
const AuthorizationType = z.enum(["BASIC", "API_KEY"]);
const CreateConnection = z.object({ Name, Description, AuthorizationType, AuthParameters });
const UpdateConnection = z.object({
  Name,
  Description,
  AuthorizationType: AuthorizationType.optional(),
  AuthParameters: AuthParameters.optional(),
});
const NamePrefix = z.string().optional();
const ListConnections = z.object({ ConnectionState: z.string().optional(), NamePrefix, ...page });
const InvocationEndpoint = z
  .string()
  .min(1)
  .max(2_048)
  .regex(/^https?:\/\/[^\s]+$/);
const HttpMethod = z.enum(["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]);
const InvocationRateLimitPerSecond = z.int().min(1).optional();
const CreateApiDestination = z.object({
  Name,
  Description,
  ConnectionArn: Arn,
  InvocationEndpoint,
  HttpMethod,
  InvocationRateLimitPerSecond,
});
const UpdateApiDestination = z.object({
  Name,
  Description,
  ConnectionArn: Arn.optional(),
  InvocationEndpoint: InvocationEndpoint.optional(),
  HttpMethod: HttpMethod.optional(),
  InvocationRateLimitPerSecond,
});
const ListApiDestinations = z.object({ ConnectionArn: z.string().optional(), NamePrefix, ...page });

/** The operations that create, update, list and delete connections and API destinations. */
export const connectionOperations = {
  DescribeConnection: read(ByName, (engine, view, { Name }) => describeConnection(getConnection(view, Name), engine)),
  ListConnections: list(ListConnections, (engine, view, { NamePrefix = "", ConnectionState = "AUTHORIZED" }, page) => {
    const found = listConnections(view).filter(({ name }) => name.startsWith(NamePrefix) && ConnectionState === "AUTHORIZED");
    const { items, next } = page.cut(found);
    return { Connections: items.map((connection) => summarizeConnection(connection, engine)), ...next };
  }),
  CreateConnection: write(CreateConnection, (engine, tx, request) => {
    const { Name: name, Description, AuthorizationType: authorizationType, AuthParameters: authParameters } = request;
    expectNone(tx.get(connectionKey(name)), `Connection ${name}`);
    return putConnection(engine, tx, { name, authorizationType, authParameters, ...described(Description), ...born(engine) });
  }),
  UpdateConnection: write(UpdateConnection, (engine, tx, { Name, Description, AuthorizationType, AuthParameters }) => {
    const before = getConnection(tx, Name);
    const authorizationType = AuthorizationType ?? before.authorizationType;
    const authParameters = AuthParameters ?? before.authParameters;
    const changedMs = engine.clock.nowMs();
    return putConnection(engine, tx, { ...before, authorizationType, authParameters, ...described(Description), changedMs });
  }),
  DeleteConnection: write(ByName, (engine, tx, { Name }) => {
    const connection = getConnection(tx, Name);
    tx.delete(connectionKey(connection.name));
    return answerOf(engine, connection, "DELETING");
  }),
  DescribeApiDestination: read(ByName, (engine, view, { Name }) => describeDestination(getDestination(view, Name), engine)),
  ListApiDestinations: list(ListApiDestinations, (engine, view, { NamePrefix = "", ConnectionArn }, page) => {
    const isListed = ({ name, connectionArn }: ApiDestination): boolean =>
      name.startsWith(NamePrefix) && (ConnectionArn === undefined || connectionArn === ConnectionArn);
    const { items, next } = page.cut(listDestinations(view).filter(isListed));
    return { ApiDestinations: items.map((destination) => describeDestination(destination, engine)), ...next };
  }),
  CreateApiDestination: write(CreateApiDestination, (engine, tx, request) => {
    const { Name: name, Description, ConnectionArn: connectionArn, InvocationEndpoint: endpoint, HttpMethod: method } = request;
    expectNone(tx.get(destinationKey(name)), `An api-destination ${name}`);
    const ratePerSecond = request.InvocationRateLimitPerSecond ?? defaultRatePerSecond;
    return putDestination(engine, tx, { name, connectionArn, endpoint, method, ratePerSecond, ...described(Description), ...born(engine) });
  }),
  UpdateApiDestination: write(UpdateApiDestination, (engine, tx, request) => {
    const before = getDestination(tx, request.Name);
    return putDestination(engine, tx, {
      ...before,
      connectionArn: request.ConnectionArn ?? before.connectionArn,
      endpoint: request.InvocationEndpoint ?? before.endpoint,
      method: request.HttpMethod ?? before.method,
      ratePerSecond: request.InvocationRateLimitPerSecond ?? before.ratePerSecond,
      ...described(request.Description),
      changedMs: engine.clock.nowMs(),
    });
  }),
  DeleteApiDestination: write(ByName, (_engine, tx, { Name }) => {
    tx.delete(destinationKey(getDestination(tx, Name).name));
    return {};
  }),
  ...absent("a connection is authorized as long as it exists", ["DeauthorizeConnection"]),
};

function putConnection(engine: BusEngine, tx: Transaction, connection: Connection): JsonObject {
  const { BasicAuthParameters, ApiKeyAuthParameters } = connection.authParameters;
  const [needed, name] =
    connection.authorizationType === "BASIC"
      ? [BasicAuthParameters, "BasicAuthParameters"]
      : [ApiKeyAuthParameters, "ApiKeyAuthParameters"];
  if (needed === undefined) throw invalid(`Parameter AuthParameters.${name} must be specified for ${connection.authorizationType}.`);
  tx.put(connectionKey(connection.name), connection);
  return answerOf(engine, connection);
}

function answerOf(engine: BusEngine, connection: Connection, ConnectionState = "AUTHORIZED"): JsonObject {
  const { CreationTime = 0, LastModifiedTime = 0 } = summarizeConnection(connection, engine);
  return { ConnectionArn: connectionArnOf(connection, engine), ConnectionState, CreationTime, LastModifiedTime };
}

function putDestination(engine: BusEngine, tx: Transaction, destination: ApiDestination): JsonObject {
  if (parametersOf(tx, destination.connectionArn) === undefined) {
    throw new EventBusError("ResourceNotFoundException", `Connection '${destination.connectionArn}' does not exist.`);
  }
  tx.put(destinationKey(destination.name), destination);
  const { CreationTime = 0, LastModifiedTime = 0 } = describeDestination(destination, engine);
  return { ApiDestinationArn: destinationArnOf(destination, engine), ApiDestinationState: "ACTIVE", CreationTime, LastModifiedTime };
}

function expectNone(found: unknown, what: string): void {
  if (found !== undefined) throw new EventBusError("ResourceAlreadyExistsException", `${what} already exists.`);
}

function born({ ids, clock }: BusEngine) {
  return { id: ids.uuid(), createdMs: clock.nowMs(), changedMs: clock.nowMs() };
}

function described(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description };
}
