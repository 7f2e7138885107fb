/** CloudWatch Logs' operations by name, on its own wire shapes. */
import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { LogsError } from "./errors.ts";
import { parseFilterPattern } from "./filter/filter-pattern.ts";
import {
  findGroup,
  findStream,
  type LogEvent,
  type LogGroup,
  type LogStream,
  listGroups,
  listStreams,
  putGroup,
  putStream,
  removeGroup,
  removeStream,
  type StoredLogEvent,
} from "./log-store.ts";
import { collect, describeEvent, inOrder, page, pageOfStream } from "./paging.ts";
import { parseRequest, requests } from "./requests.ts";
import { checkTags, createTagOperations } from "./tags.ts";

export interface OperationsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly putLogEvents: (tx: Transaction, group: string, stream: string, events: readonly LogEvent[]) => void;
  /** Something was deleted: what was known to exist may not. */
  readonly forget: () => void;
}
export interface Operations {
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  query(view: ReadView, operation: string, request: JsonObject): JsonObject;
  /** The names of the operations there are. */
  readonly operations: readonly string[];
}
type Reading = Readonly<Record<string, (view: ReadView, request: JsonObject) => JsonObject>>;
type Writing = Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>>;

export function createOperations({ clock, account, region, putLogEvents, forget }: OperationsOptions): Operations {
  const arnOf = (group: string): string => `arn:aws:logs:${region}:${account}:log-group:${group}`;

  function requireGroup(
    view: ReadView,
    { logGroupName, logGroupIdentifier }: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
  ): LogGroup {
    const name = logGroupName ?? logGroupIdentifier?.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, "");
    const group = name === undefined ? undefined : findGroup(view, name);
    if (group === undefined) throw new LogsError("ResourceNotFoundException", "The specified log group does not exist.");
    return group;
  }

  function requireStream(view: ReadView, group: string, name: string): LogStream {
    const stream = findStream(view, group, name);
    if (stream === undefined) throw new LogsError("ResourceNotFoundException", "The specified log stream does not exist.");
    return stream;
  }

  function describeGroup({ name, createdMs, retentionDays }: LogGroup): JsonObject {
    return {
      logGroupName: name,
      creationTime: createdMs,
      metricFilterCount: 0,
      arn: `${arnOf(name)}:*`,
      logGroupArn: arnOf(name),
      storedBytes: 0,
      ...(retentionDays !== undefined && { retentionInDays: retentionDays }),
    };
  }

  function describeStream({ group, name, createdMs, lastEventMs, lastIngestionMs }: LogStream) {
    return {
      logStreamName: name,
      creationTime: createdMs,
      arn: `${arnOf(group)}:log-stream:${name}`,
      storedBytes: 0,
      ...(lastEventMs !== undefined && { lastEventTimestamp: lastEventMs }),
      ...(lastIngestionMs !== undefined && { lastIngestionTime: lastIngestionMs }),
    };
  }

  const tags = createTagOperations(requireGroup);

  const reading: Reading = {
    ...tags.reading,
    DescribeLogGroups(view, request) {
      const { logGroupNamePrefix = "", logGroupNamePattern = "", limit: most = 50, nextToken } = parseRequest(requests.groups, request);
      const found = listGroups(view).filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern));
      const { items, next } = page(found, most, nextToken);
      return { logGroups: items.map(describeGroup), ...next };
    },
    DescribeLogStreams(view, request) {
      const parsed = parseRequest(requests.streams, request);
      const { logStreamNamePrefix = "", orderBy, descending = false, limit: most = 50, nextToken } = parsed;
      const group = requireGroup(view, parsed);
      const found = listStreams(view, group.name)
        .filter(({ name }) => name.startsWith(logStreamNamePrefix))
        .map(describeStream);
      if (orderBy === "LastEventTime") found.sort((a, b) => (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0));
      const { items, next } = page(descending ? found.reverse() : found, most, nextToken);
      return { logStreams: items, ...next };
    },
    FilterLogEvents(view, request) {
      const parsed = parseRequest(requests.filter, request);
      const { logStreamNames, logStreamNamePrefix = "", startTime = 0, endTime, filterPattern, limit: most = 10_000, nextToken } = parsed;
      const { name } = requireGroup(view, parsed);
      const test = parseFilterPattern(filterPattern);
      const isMeant = ({ stream, message }: StoredLogEvent): boolean =>
        (logStreamNames === undefined || logStreamNames.includes(stream)) && stream.startsWith(logStreamNamePrefix) && test(message);
      const window = { fromMs: startTime, toMs: endTime === undefined ? Number.POSITIVE_INFINITY : endTime + 1 };
      const { events, lastId } = collect(view, name, window, { most, after: nextToken }, isMeant);
      return {
        events: inOrder(events).map((event) => ({ logStreamName: event.stream, ...describeEvent(event), eventId: event.eventId })),
        ...(lastId !== undefined && { nextToken: lastId }),
        searchedLogStreams: [],
      };
    },
    GetLogEvents(view, request) {
      const parsed = parseRequest(requests.get, request);
      const {
        logStreamName,
        startTime = 0,
        endTime = Number.POSITIVE_INFINITY,
        limit: most = 10_000,
        startFromHead = false,
        nextToken,
      } = parsed;
      const { name } = requireGroup(view, parsed);
      requireStream(view, name, logStreamName);
      const window = { fromMs: startTime, toMs: endTime };
      return pageOfStream(view, { group: name, stream: logStreamName }, window, { most, startFromHead, token: nextToken });
    },
  };

  const writing: Writing = {
    CreateLogGroup(tx, request) {
      const { logGroupName: name, tags } = parseRequest(requests.createGroup, request);
      if (findGroup(tx, name) !== undefined)
        throw new LogsError("ResourceAlreadyExistsException", "The specified log group already exists");
      putGroup(tx, { name, createdMs: clock.nowMs(), ...(tags !== undefined && { tags: checkTags(tags) }) });
      return {};
    },
    CreateLogStream(tx, request) {
      const { logGroupName, logStreamName: name } = parseRequest(requests.stream, request);
      const group = requireGroup(tx, { logGroupName }).name;
      if (findStream(tx, group, name) !== undefined)
        throw new LogsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      putStream(tx, { group, name, createdMs: clock.nowMs() });
      return {};
    },
    DeleteLogGroup(tx, request) {
      removeGroup(tx, requireGroup(tx, parseRequest(requests.group, request)).name);
      tx.afterCommit(forget);
      return {};
    },
    DeleteLogStream(tx, request) {
      const { logGroupName, logStreamName } = parseRequest(requests.stream, request);
      const group = requireGroup(tx, { logGroupName }).name;
      removeStream(tx, group, requireStream(tx, group, logStreamName).name);
      tx.afterCommit(forget);
      return {};
    },
    PutRetentionPolicy(tx, request) {
      const { logGroupName, retentionInDays } = parseRequest(requests.retention, request);
      putGroup(tx, { ...requireGroup(tx, { logGroupName }), retentionDays: retentionInDays });
      return {};
    },
    DeleteRetentionPolicy(tx, request) {
      const { retentionDays: _retentionDays, ...group } = requireGroup(tx, parseRequest(requests.group, request));
      putGroup(tx, group);
      return {};
    },
    PutLogEvents(tx, request) {
      const { logGroupName, logStreamName, logEvents } = parseRequest(requests.put, request);
      const group = requireGroup(tx, { logGroupName }).name;
      requireStream(tx, group, logStreamName);
      putLogEvents(
        tx,
        group,
        logStreamName,
        logEvents.map(({ timestamp, message }) => ({ timestampMs: timestamp, message })),
      );
      return { nextSequenceToken: "0" };
    },
    ...tags.writing,
  };

  function query(view: ReadView, operation: string, request: JsonObject): JsonObject {
    const read = Object.hasOwn(reading, operation) ? reading[operation] : undefined;
    if (read === undefined) throw new LogsError("UnknownOperationException", `The operation ${operation} is not known.`);
    return read(view, request);
  }

  return {
    query,
    operations: [...Object.keys(reading), ...Object.keys(writing)],
    execute(tx, operation, request) {
      const write = Object.hasOwn(writing, operation) ? writing[operation] : undefined;
      return write === undefined ? query(tx, operation, request) : write(tx, request);
    },
  };
}
