/** The operations on connections and API destinations. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { requests } from "./connection-requests.ts";
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
import { EventBusError } from "./errors.ts";
import type { OperationsOptions, Reading, Writing } from "./operation-types.ts";
import { page, parseRequest } from "./requests.ts";

const defaultRatePerSecond = 300;

export function createConnectionOperations(options: OperationsOptions): { readonly reading: Reading; readonly writing: Writing } {
  const { clock, ids } = options;

  const reading: Reading = {
    DescribeConnection: (view, request) => describeConnection(getConnection(view, parseRequest(requests.oneByName, request).Name), options),
    ListConnections(view, request) {
      const parsed = parseRequest(requests.listConnections, request);
      const { NamePrefix = "", ConnectionState = "AUTHORIZED" } = parsed;
      const found = listConnections(view).filter(({ name }) => name.startsWith(NamePrefix) && ConnectionState === "AUTHORIZED");
      const { items, next } = page(found, parsed);
      return { Connections: items.map((connection) => summarizeConnection(connection, options)), ...next };
    },
    DescribeApiDestination: (view, request) =>
      describeDestination(getDestination(view, parseRequest(requests.oneByName, request).Name), options),
    ListApiDestinations(view, request) {
      const parsed = parseRequest(requests.listDestinations, request);
      const { NamePrefix = "", ConnectionArn } = parsed;
      const isListed = ({ name, connectionArn }: ApiDestination): boolean =>
        name.startsWith(NamePrefix) && (ConnectionArn === undefined || connectionArn === ConnectionArn);
      const { items, next } = page(listDestinations(view).filter(isListed), parsed);
      return { ApiDestinations: items.map((destination) => describeDestination(destination, options)), ...next };
    },
  };

  function putConnection(tx: Transaction, connection: Connection): JsonObject {
    const { BasicAuthParameters, ApiKeyAuthParameters } = connection.authParameters;
    const [needed, name] =
      connection.authorizationType === "BASIC"
        ? [BasicAuthParameters, "BasicAuthParameters"]
        : [ApiKeyAuthParameters, "ApiKeyAuthParameters"];
    if (needed === undefined) {
      throw new EventBusError(
        "ValidationException",
        `Parameter AuthParameters.${name} must be specified for ${connection.authorizationType}.`,
      );
    }
    tx.put(connectionKey(connection.name), connection);
    return answerOf(connection);
  }

  function answerOf(connection: Connection, ConnectionState = "AUTHORIZED"): JsonObject {
    const { CreationTime = 0, LastModifiedTime = 0 } = summarizeConnection(connection, options);
    return { ConnectionArn: connectionArnOf(connection, options), ConnectionState, CreationTime, LastModifiedTime };
  }

  function putDestination(tx: Transaction, destination: ApiDestination): JsonObject {
    if (parametersOf(tx, destination.connectionArn) === undefined) {
      throw new EventBusError("ResourceNotFoundException", `Connection '${destination.connectionArn}' does not exist.`);
    }
    tx.put(destinationKey(destination.name), destination);
    const { CreationTime = 0, LastModifiedTime = 0 } = describeDestination(destination, options);
    return { ApiDestinationArn: destinationArnOf(destination, options), ApiDestinationState: "ACTIVE", CreationTime, LastModifiedTime };
  }

  const expectNone = (found: unknown, what: string): void => {
    if (found !== undefined) throw new EventBusError("ResourceAlreadyExistsException", `${what} already exists.`);
  };
  const born = () => ({ id: ids.uuid(), createdMs: clock.nowMs(), changedMs: clock.nowMs() });

  const writing: Writing = {
    CreateConnection(tx, request) {
      const {
        Name: name,
        Description,
        AuthorizationType: authorizationType,
        AuthParameters: authParameters,
      } = parseRequest(requests.createConnection, request);
      expectNone(tx.get(connectionKey(name)), `Connection ${name}`);
      return putConnection(tx, { name, authorizationType, authParameters, ...described(Description), ...born() });
    },
    UpdateConnection(tx, request) {
      const { Name, Description, AuthorizationType, AuthParameters } = parseRequest(requests.updateConnection, request);
      const before = getConnection(tx, Name);
      const authorizationType = AuthorizationType ?? before.authorizationType;
      const authParameters = AuthParameters ?? before.authParameters;
      return putConnection(tx, { ...before, authorizationType, authParameters, ...described(Description), changedMs: clock.nowMs() });
    },
    DeleteConnection(tx, request) {
      const connection = getConnection(tx, parseRequest(requests.oneByName, request).Name);
      tx.delete(connectionKey(connection.name));
      return answerOf(connection, "DELETING");
    },
    CreateApiDestination(tx, request) {
      const parsed = parseRequest(requests.createDestination, request);
      const { Name: name, Description, ConnectionArn: connectionArn, InvocationEndpoint: endpoint, HttpMethod: method } = parsed;
      expectNone(tx.get(destinationKey(name)), `An api-destination ${name}`);
      const ratePerSecond = parsed.InvocationRateLimitPerSecond ?? defaultRatePerSecond;
      return putDestination(tx, { name, connectionArn, endpoint, method, ratePerSecond, ...described(Description), ...born() });
    },
    UpdateApiDestination(tx, request) {
      const parsed = parseRequest(requests.updateDestination, request);
      const before = getDestination(tx, parsed.Name);
      return putDestination(tx, {
        ...before,
        connectionArn: parsed.ConnectionArn ?? before.connectionArn,
        endpoint: parsed.InvocationEndpoint ?? before.endpoint,
        method: parsed.HttpMethod ?? before.method,
        ratePerSecond: parsed.InvocationRateLimitPerSecond ?? before.ratePerSecond,
        ...described(parsed.Description),
        changedMs: clock.nowMs(),
      });
    },
    DeleteApiDestination(tx, request) {
      tx.delete(destinationKey(getDestination(tx, parseRequest(requests.oneByName, request).Name).name));
      return {};
    },
  };
  return { reading, writing };
}

function described(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description };
}
