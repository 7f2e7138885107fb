/** CloudWatch Logs' operations on groups and streams. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { type LogsEngine, list, write } from "./engine.ts";
import { LogsError } from "./errors.ts";
import {
  findGroup,
  findStream,
  type LogGroup,
  type LogStream,
  listGroups,
  listStreams,
  putGroup,
  putStream,
  removeGroup,
  removeStream,
} from "./log-store.ts";
import { requireGroup, requireStream } from "./named.ts";
import { logGroupName, logStreamName, named, page, tags } from "./request.ts";
import { checkTags } from "./tags.ts";

const ByGroup = z.object({ logGroupName });
const ByStream = z.object({ logGroupName, logStreamName });
const CreateLogGroup = z.object({ logGroupName, tags: tags.optional() });
const PutRetentionPolicy = z.object({ logGroupName, retentionInDays: z.int().min(1) });
const DescribeLogGroups = z.object({
  logGroupNamePrefix: z.string().optional(),
  logGroupNamePattern: z.string().optional(),
  ...page(50),
});
const DescribeLogStreams = z.object({
  ...named,
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(["LogStreamName", "LastEventTime"]).optional(),
  descending: z.boolean().optional(),
  ...page(50),
});

/** Those that list, make and delete groups and streams. */
export const groupOperations = {
  DescribeLogGroups: list(DescribeLogGroups, (engine, view, { logGroupNamePrefix = "", logGroupNamePattern = "" }, page) => {
    const found = listGroups(view).filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern));
    const { items, next } = page.cut(found);
    return { logGroups: items.map((group) => describeGroup(engine, group)), ...next };
  }),
  DescribeLogStreams: list(DescribeLogStreams, (engine, view, request, page) => {
    const { logStreamNamePrefix = "", orderBy, descending = false } = request;
    const group = requireGroup(view, request);
    const found = listStreams(view, group.name)
      .filter(({ name }) => name.startsWith(logStreamNamePrefix))
      .map((stream) => describeStream(engine, stream));
    if (orderBy === "LastEventTime") found.sort((a, b) => (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0));
    const { items, next } = page.cut(descending ? found.reverse() : found);
    return { logStreams: items, ...next };
  }),
  CreateLogGroup: write(CreateLogGroup, ({ clock }, tx, { logGroupName: name, tags }) => {
    if (findGroup(tx, name) !== undefined) throw new LogsError("ResourceAlreadyExistsException", "The specified log group already exists");
    putGroup(tx, { name, createdMs: clock.nowMs(), ...(tags !== undefined && { tags: checkTags(tags) }) });
    return {};
  }),
  CreateLogStream: write(ByStream, ({ clock }, tx, { logGroupName, logStreamName: name }) => {
    const group = requireGroup(tx, { logGroupName }).name;
    if (findStream(tx, group, name) !== undefined)
      throw new LogsError("ResourceAlreadyExistsException", "The specified log stream already exists");
    putStream(tx, { group, name, createdMs: clock.nowMs() });
    return {};
  }),
  DeleteLogGroup: write(ByGroup, ({ forget }, tx, request) => {
    removeGroup(tx, requireGroup(tx, request).name);
    forget(tx);
    return {};
  }),
  DeleteLogStream: write(ByStream, ({ forget }, tx, { logGroupName, logStreamName }) => {
    const group = requireGroup(tx, { logGroupName }).name;
    removeStream(tx, group, requireStream(tx, group, logStreamName).name);
    forget(tx);
    return {};
  }),
  PutRetentionPolicy: write(PutRetentionPolicy, ({ forget }, tx, { logGroupName, retentionInDays }) => {
    putGroup(tx, { ...requireGroup(tx, { logGroupName }), retentionDays: retentionInDays });
    forget(tx);
    return {};
  }),
  DeleteRetentionPolicy: write(ByGroup, ({ forget }, tx, request) => {
    const { retentionDays: _retentionDays, ...group } = requireGroup(tx, request);
    putGroup(tx, group);
    forget(tx);
    return {};
  }),
};

function describeGroup(engine: LogsEngine, { name, createdMs, retentionDays }: LogGroup): JsonObject {
  return {
    logGroupName: name,
    creationTime: createdMs,
    metricFilterCount: 0,
    arn: `${arnOf(engine, name)}:*`,
    logGroupArn: arnOf(engine, name),
    storedBytes: 0,
    ...(retentionDays !== undefined && { retentionInDays: retentionDays }),
  };
}

function arnOf({ region, account }: LogsEngine, group: string): string {
  return `arn:aws:logs:${region}:${account}:log-group:${group}`;
}

function describeStream(engine: LogsEngine, { group, name, createdMs, lastEventMs, lastIngestionMs }: LogStream) {
  return {
    logStreamName: name,
    creationTime: createdMs,
    arn: `${arnOf(engine, group)}:log-stream:${name}`,
    storedBytes: 0,
    ...(lastEventMs !== undefined && { lastEventTimestamp: lastEventMs }),
    ...(lastIngestionMs !== undefined && { lastIngestionTime: lastIngestionMs }),
  };
}
