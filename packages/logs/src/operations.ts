/** CloudWatch Logs' operations by name, on its own wire shapes. */
import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { LogsError } from "./errors.ts";
import { parseFilterPattern } from "./filter-pattern.ts";
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
  readEvents,
  removeGroup,
  removeStream,
  type StoredLogEvent,
} from "./log-store.ts";

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
}
type Reading = Readonly<Record<string, (view: ReadView, request: JsonObject) => JsonObject>>;
type Writing = Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>>;

const Group = z.string().regex(/^[.\-_/#A-Za-z0-9]{1,512}$/);
const Stream = z.string().regex(/^[^:*]{1,512}$/);
const limit = (most: number) => z.int().min(1).max(most).optional();
const Token = z.string().optional();
/** A group goes by its name or its ARN. */
const Named = { logGroupName: Group.optional(), logGroupIdentifier: z.string().optional() };

const requests = {
  group: z.object({ logGroupName: Group, retentionInDays: z.int().optional() }),
  retention: z.object({ logGroupName: Group, retentionInDays: z.int().min(1) }),
  stream: z.object({ logGroupName: Group, logStreamName: Stream }),
  put: z.object({
    logGroupName: Group,
    logStreamName: Stream,
    logEvents: z
      .array(z.object({ timestamp: z.int().min(0), message: z.string().min(1) }))
      .min(1)
      .max(10_000),
  }),
  groups: z.object({
    logGroupNamePrefix: z.string().optional(),
    logGroupNamePattern: z.string().optional(),
    limit: limit(50),
    nextToken: Token,
  }),
  streams: z.object({
    ...Named,
    logStreamNamePrefix: z.string().optional(),
    orderBy: z.enum(["LogStreamName", "LastEventTime"]).optional(),
    descending: z.boolean().optional(),
    limit: limit(50),
    nextToken: Token,
  }),
  filter: z.object({
    ...Named,
    logStreamNames: z.array(z.string()).optional(),
    logStreamNamePrefix: z.string().optional(),
    startTime: z.number().optional(),
    endTime: z.number().optional(),
    filterPattern: z.string().max(1024).optional(),
    limit: limit(10_000),
    nextToken: Token,
  }),
  get: z.object({
    ...Named,
    logStreamName: z.string(),
    startTime: z.number().optional(),
    endTime: z.number().optional(),
    limit: limit(10_000),
    startFromHead: z.boolean().optional(),
    nextToken: Token,
  }),
} as const;

/** How many events one FilterLogEvents looks at before it answers with a token to go on. */
const mostScanned = 50_000;

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

  function describeStream(view: ReadView, { group, name, createdMs }: LogStream): JsonObject & { readonly lastEventTimestamp?: number } {
    const window = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };
    const last = lastOf(readEvents(view, group, window, true), name);
    return {
      logStreamName: name,
      creationTime: createdMs,
      arn: `${arnOf(group)}:log-stream:${name}`,
      storedBytes: 0,
      ...(last !== undefined && { lastEventTimestamp: last.timestampMs, lastIngestionTime: last.ingestedMs }),
    };
  }

  const reading: Reading = {
    DescribeLogGroups(view, request) {
      const { logGroupNamePrefix = "", logGroupNamePattern = "", limit: most = 50, nextToken } = parse(requests.groups, request);
      const found = listGroups(view).filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern));
      const { items, next } = page(found, most, nextToken);
      return { logGroups: items.map(describeGroup), ...next };
    },
    DescribeLogStreams(view, request) {
      const parsed = parse(requests.streams, request);
      const { logStreamNamePrefix = "", orderBy, descending = false, limit: most = 50, nextToken } = parsed;
      const group = requireGroup(view, parsed);
      const found = listStreams(view, group.name)
        .filter(({ name }) => name.startsWith(logStreamNamePrefix))
        .map((stream) => describeStream(view, stream));
      if (orderBy === "LastEventTime") found.sort((a, b) => (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0));
      const { items, next } = page(descending ? found.reverse() : found, most, nextToken);
      return { logStreams: items, ...next };
    },
    FilterLogEvents(view, request) {
      const parsed = parse(requests.filter, request);
      const { logStreamNames, logStreamNamePrefix = "", startTime = 0, endTime, filterPattern, limit: most = 10_000, nextToken } = parsed;
      const { name } = requireGroup(view, parsed);
      const test = parseFilterPattern(filterPattern);
      const isMeant = ({ stream, message }: StoredLogEvent): boolean =>
        (logStreamNames === undefined || logStreamNames.includes(stream)) && stream.startsWith(logStreamNamePrefix) && test(message);
      const window = { fromMs: startTime, toMs: endTime === undefined ? Number.POSITIVE_INFINITY : endTime + 1 };
      const { events, next } = collect(view, name, window, most, nextToken, isMeant);
      return {
        events: events.map((event) => ({ logStreamName: event.stream, ...describeEvent(event), eventId: event.eventId })),
        ...next,
        searchedLogStreams: [],
      };
    },
    GetLogEvents(view, request) {
      const parsed = parse(requests.get, request);
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
      const events = readStream(view, name, logStreamName, { fromMs: startTime, toMs: endTime });
      return pageOfStream(events, most, startFromHead, nextToken);
    },
  };

  const writing: Writing = {
    CreateLogGroup(tx, request) {
      const { logGroupName: name } = parse(requests.group, request);
      if (findGroup(tx, name) !== undefined)
        throw new LogsError("ResourceAlreadyExistsException", "The specified log group already exists");
      putGroup(tx, { name, createdMs: clock.nowMs() });
      return {};
    },
    CreateLogStream(tx, request) {
      const { logGroupName, logStreamName: name } = parse(requests.stream, request);
      const group = requireGroup(tx, { logGroupName }).name;
      if (findStream(tx, group, name) !== undefined)
        throw new LogsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      putStream(tx, { group, name, createdMs: clock.nowMs() });
      return {};
    },
    DeleteLogGroup(tx, request) {
      removeGroup(tx, requireGroup(tx, parse(requests.group, request)).name);
      tx.afterCommit(forget);
      return {};
    },
    DeleteLogStream(tx, request) {
      const { logGroupName, logStreamName } = parse(requests.stream, request);
      const group = requireGroup(tx, { logGroupName }).name;
      removeStream(tx, group, requireStream(tx, group, logStreamName).name);
      tx.afterCommit(forget);
      return {};
    },
    PutRetentionPolicy(tx, request) {
      const { logGroupName, retentionInDays } = parse(requests.retention, request);
      putGroup(tx, { ...requireGroup(tx, { logGroupName }), retentionDays: retentionInDays });
      return {};
    },
    DeleteRetentionPolicy(tx, request) {
      const { name, createdMs } = requireGroup(tx, parse(requests.group, request));
      putGroup(tx, { name, createdMs });
      return {};
    },
    PutLogEvents(tx, request) {
      const { logGroupName, logStreamName, logEvents } = parse(requests.put, request);
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
    ListTagsForResource: () => ({ tags: {} }),
  };

  function query(view: ReadView, operation: string, request: JsonObject): JsonObject {
    const read = Object.hasOwn(reading, operation) ? reading[operation] : undefined;
    if (read === undefined) throw new LogsError("UnknownOperationException", `The operation ${operation} is not known.`);
    return read(view, request);
  }

  return {
    query,
    execute(tx, operation, request) {
      const write = Object.hasOwn(writing, operation) ? writing[operation] : undefined;
      return write === undefined ? query(tx, operation, request) : write(tx, request);
    },
  };
}

/** The newest event of one stream among events read backward. */
function lastOf(events: Iterable<StoredLogEvent>, name: string): StoredLogEvent | undefined {
  for (const event of events) if (event.stream === name) return event;
  return undefined;
}

function describeEvent({ timestampMs, message, ingestedMs }: StoredLogEvent): {
  timestamp: number;
  message: string;
  ingestionTime: number;
} {
  return { timestamp: timestampMs, message, ingestionTime: ingestedMs };
}

/** Reads on from a token, which counts the events to pass over. */
function collect(
  view: ReadView,
  group: string,
  window: { readonly fromMs: number; readonly toMs: number },
  most: number,
  token: string | undefined,
  isMeant: (event: StoredLogEvent) => boolean,
): { events: StoredLogEvent[]; next: { nextToken?: string } } {
  const passed = positionOf(token);
  const events: StoredLogEvent[] = [];
  let seen = 0;
  for (const event of readEvents(view, group, window)) {
    if (seen++ < passed) continue;
    if (isMeant(event)) events.push(event);
    if (events.length >= most || seen - passed >= mostScanned) return { events: inOrder(events), next: { nextToken: String(seen) } };
  }
  return { events: inOrder(events), next: {} };
}

function inOrder(events: StoredLogEvent[]): StoredLogEvent[] {
  return events.sort((a, b) => a.timestampMs - b.timestampMs);
}

function readStream(
  view: ReadView,
  group: string,
  name: string,
  window: { readonly fromMs: number; readonly toMs: number },
): StoredLogEvent[] {
  return inOrder([...readEvents(view, group, window)].filter(({ stream }) => stream === name));
}

/** GetLogEvents' tokens: `f/N` goes on forward from event N, `b/N` backward from it; at the end a token repeats itself, as on AWS. */
function pageOfStream(events: readonly StoredLogEvent[], most: number, fromHead: boolean, token: string | undefined): JsonObject {
  const [direction, position] = token?.split("/") ?? [];
  const at = positionOf(position);
  const start =
    direction === "f"
      ? Math.min(at, events.length)
      : direction === "b"
        ? Math.max(0, at - most)
        : fromHead
          ? 0
          : Math.max(0, events.length - most);
  const end = direction === "b" ? Math.min(at, events.length) : Math.min(events.length, start + most);
  return { events: events.slice(start, end).map(describeEvent), nextForwardToken: `f/${end}`, nextBackwardToken: `b/${start}` };
}

function positionOf(token: string | undefined): number {
  const position = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(position) || position < 0) throw new LogsError("InvalidParameterException", "The specified nextToken is invalid.");
  return position;
}

function page<T>(items: readonly T[], most: number, token: string | undefined): { items: T[]; next: { nextToken?: string } } {
  const from = positionOf(token);
  const end = from + most;
  return { items: items.slice(from, end), next: end < items.length ? { nextToken: String(end) } : {} };
}

function parse<S extends z.ZodType>(schema: S, request: JsonObject): z.infer<S> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LogsError(
    "InvalidParameterException",
    `1 validation error detected: Value at '${issue?.path.join(".") ?? ""}' failed: ${issue?.message ?? ""}`,
  );
}
