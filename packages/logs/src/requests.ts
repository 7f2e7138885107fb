/** The shapes of CloudWatch Logs' requests, in its own spelling. */
import { z } from "zod";

const Group = z.string().regex(/^[.\-_/#A-Za-z0-9]{1,512}$/);
const Stream = z.string().regex(/^[^:*]{1,512}$/);
const limit = (most: number) => z.int().min(1).max(most).optional();
const Token = z.string().optional();
/** A group goes by its name or its ARN. */
const Named = { logGroupName: Group.optional(), logGroupIdentifier: z.string().optional() };

const Tags = z.record(z.string().min(1).max(128), z.string().max(256));
const resourceArn = z.string().min(1);

/** By what they ask for. */
export const requests = {
  group: z.object({ logGroupName: Group }),
  createGroup: z.object({ logGroupName: Group, tags: Tags.optional() }),
  resource: z.object({ resourceArn }),
  tagResource: z.object({ resourceArn, tags: Tags }),
  untagResource: z.object({ resourceArn, tagKeys: z.array(z.string()) }),
  tagGroup: z.object({ logGroupName: Group, tags: Tags }),
  untagGroup: z.object({ logGroupName: Group, tags: z.array(z.string()) }),
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
