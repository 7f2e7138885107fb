/** The schemas of EventBridge's requests, in its spelling. */
import { requestParser } from "@serverlesspresso/aws-service";
import { z } from "zod";
import { invalid } from "./errors.ts";

const Name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[.\-_A-Za-z0-9]+$/);
const BusName = z.string().min(1).max(1600).optional();
const Limit = z.int().min(1).max(100).optional();
const Paged = { Limit, NextToken: z.string().optional() };
/** The latest time that a `Date` can hold, in milliseconds since the epoch. */
const lastInstantMs = 8.64e15;
/** Parses seconds since the epoch (AWS's JSON protocol) or ISO 8601 to milliseconds since the epoch. */
const Instant = z
  .union([z.number().transform((seconds) => seconds * 1000), z.string().transform((text) => Date.parse(text))])
  .pipe(z.number("Member must be a timestamp").min(-lastInstantMs).max(lastInstantMs));

const Tags = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }));
const archiveOptions = {
  Description: z.string().max(512).optional(),
  EventPattern: z.string().max(4096).optional(),
  RetentionDays: z.int().min(0).max(2_147_483_647).optional(),
};
const ResourceARN = z.string().min(1).max(1600);

const TargetShape = z.looseObject({
  Id: Name,
  Arn: z.string().min(1).max(1600),
  Input: z.string().max(8192).optional(),
  InputPath: z.string().max(256).optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string().min(1).max(8192) })
    .optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
    })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().optional() }).optional(),
});

/** The schemas by operation, or by what several operations ask for. */
export const requests = {
  putRule: z.object({
    Name,
    EventBusName: BusName,
    EventPattern: z.string().max(4096).optional(),
    ScheduleExpression: z.string().max(256).optional(),
    State: z.enum(["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]).optional(),
    Description: z.string().max(512).optional(),
    RoleArn: z.string().min(1).max(1600).optional(),
    Tags: Tags.optional(),
  }),
  oneRule: z.object({ Name, EventBusName: BusName }),
  listRules: z.object({ NamePrefix: z.string().optional(), EventBusName: BusName, ...Paged }),
  ruleNamesByTarget: z.object({ TargetArn: z.string().min(1), EventBusName: BusName, ...Paged }),
  putTargets: z.object({ Rule: Name, EventBusName: BusName, Targets: z.array(TargetShape).min(1).max(100) }),
  removeTargets: z.object({ Rule: Name, EventBusName: BusName, Ids: z.array(z.string()).min(1).max(100) }),
  targetsByRule: z.object({ Rule: Name, EventBusName: BusName, ...Paged }),
  createBus: z.object({
    Name: z
      .string()
      .min(1)
      .max(256)
      .regex(/^[/.\-_A-Za-z0-9]+$/),
    Tags: Tags.optional(),
  }),
  oneBus: z.object({ Name: z.string().min(1).max(256) }),
  oneResource: z.object({ ResourceARN }),
  tagResource: z.object({ ResourceARN, Tags }),
  untagResource: z.object({ ResourceARN, TagKeys: z.array(z.string()) }),
  describeBus: z.object({ Name: z.string().optional() }),
  listBuses: z.object({ NamePrefix: z.string().optional(), ...Paged }),
  testEventPattern: z.object({ EventPattern: z.string(), Event: z.string() }),
  createArchive: z.object({
    ArchiveName: z
      .string()
      .min(1)
      .max(48)
      .regex(/^[.\-_A-Za-z0-9]+$/),
    EventSourceArn: z.string().min(1),
    ...archiveOptions,
  }),
  updateArchive: z.object({ ArchiveName: z.string().min(1), ...archiveOptions }),
  oneArchive: z.object({ ArchiveName: z.string().min(1) }),
  listArchives: z.object({ NamePrefix: z.string().optional(), EventSourceArn: z.string().optional(), ...Paged }),
  startReplay: z.object({
    ReplayName: z
      .string()
      .min(1)
      .max(64)
      .regex(/^[.\-_A-Za-z0-9]+$/),
    Description: z.string().max(512).optional(),
    EventSourceArn: z.string().min(1),
    EventStartTime: Instant,
    EventEndTime: Instant,
    Destination: z.object({ Arn: z.string().min(1), FilterArns: z.array(z.string()).optional() }),
  }),
  oneReplay: z.object({ ReplayName: z.string().min(1) }),
  listReplays: z.object({
    NamePrefix: z.string().optional(),
    State: z.string().optional(),
    EventSourceArn: z.string().optional(),
    ...Paged,
  }),
} as const;

/** Parses a request. @throws {EventBusError} `ValidationException` that names the member and its fault */
export const parseRequest = requestParser(({ message }) => invalid(message));
