/** The shapes of CloudWatch's requests, in its own spelling; instants are seconds since the epoch, ISO 8601 is taken too. */
import { z } from "zod";

/** In ms, up to the last instant a `Date` can hold. */
const Instant = z
  .union([z.number().transform((seconds) => seconds * 1000), z.string().transform((text) => Date.parse(text))])
  .pipe(z.number("Member must be a timestamp").min(0).max(8.64e15));
/** As long as CloudWatch's names may be. */
const Name = z.string().min(1).max(255);
const Pairs = z.array(z.object({ Name, Value: z.string().max(1024) })).max(30);
const Period = z.int().min(60).multipleOf(60);

/** By what they ask for. */
export const requests = {
  statistics: z.object({
    Namespace: Name,
    MetricName: Name,
    Dimensions: Pairs.optional(),
    StartTime: Instant,
    EndTime: Instant,
    Period,
    Statistics: z.array(z.string()).optional(),
    ExtendedStatistics: z.array(z.string()).optional(),
    Unit: z.string().optional(),
  }),
  data: z.object({
    MetricDataQueries: z.array(
      z.object({
        Id: z.string(),
        Label: z.string().optional(),
        ReturnData: z.boolean().optional(),
        MetricStat: z.object({
          Metric: z.object({ Namespace: Name, MetricName: Name, Dimensions: Pairs.optional() }),
          Period,
          Stat: z.string(),
        }),
      }),
    ),
    StartTime: Instant,
    EndTime: Instant,
    ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).optional(),
  }),
  list: z.object({
    Namespace: Name.optional(),
    MetricName: Name.optional(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).optional(),
    NextToken: z.string().optional(),
  }),
  put: z.object({
    Namespace: Name,
    MetricData: z
      .array(
        z.object({
          MetricName: Name,
          Dimensions: Pairs.optional(),
          Timestamp: Instant.optional(),
          Value: z.number().optional(),
          Values: z.array(z.number()).optional(),
          Counts: z.array(z.number()).optional(),
          StatisticValues: z.object({ SampleCount: z.number(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() }).optional(),
          Unit: z.string().optional(),
        }),
      )
      .max(1000),
  }),
  putDashboard: z.object({ DashboardName: z.string().regex(/^[\w-]{1,255}$/), DashboardBody: z.string() }),
  oneDashboard: z.object({ DashboardName: Name }),
  dashboards: z.object({ DashboardNames: z.array(Name) }),
  listDashboards: z.object({ DashboardNamePrefix: Name.optional() }),
} as const;
