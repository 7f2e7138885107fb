/** CloudWatch Logs' operations on events. */
import { z } from "zod";
import { list, read, write } from "./engine.ts";
import { parseFilterPattern } from "./filter/filter-pattern.ts";
import type { StoredLogEvent } from "./log-store.ts";
import { requireGroup, requireStream } from "./named.ts";
import { collect, describeEvent, inOrder, mostAtOnce, pageOfStream } from "./paging.ts";
import { logGroupName, logStreamName, named, page } from "./request.ts";

const span = { startTime: z.number().optional(), endTime: z.number().optional() };
const FilterLogEvents = z.object({
  ...named,
  ...span,
  logStreamNames: z.array(z.string()).optional(),
  logStreamNamePrefix: z.string().optional(),
  filterPattern: z.string().max(1024).optional(),
  ...page(mostAtOnce),
});
const GetLogEvents = z.object({
  ...named,
  ...span,
  logStreamName: z.string(),
  startFromHead: z.boolean().optional(),
  ...page(mostAtOnce),
});
const LogEvent = z.object({ timestamp: z.int().min(0), message: z.string().min(1) });
const PutLogEvents = z.object({ logGroupName, logStreamName, logEvents: z.array(LogEvent).min(1).max(10_000) });

/** Those that write, search and read events. */
export const eventOperations = {
  FilterLogEvents: list(
    FilterLogEvents,
    ({ readEvents }, view, request, page) => {
      const { logStreamNames, logStreamNamePrefix = "", startTime = 0, endTime, filterPattern } = request;
      const group = requireGroup(view, request).name;
      const test = parseFilterPattern(filterPattern);
      const isMeant = ({ stream, message }: StoredLogEvent): boolean =>
        (logStreamNames === undefined || logStreamNames.includes(stream)) && stream.startsWith(logStreamNamePrefix) && test(message);
      const window = { fromMs: startTime, toMs: endTime === undefined ? Number.POSITIVE_INFINITY : endTime + 1 };
      const { events, lastId } = collect(readEvents, { view, group, window }, { most: page.limit, after: page.after(z.string()) }, isMeant);
      return {
        events: inOrder(events).map((event) => ({ logStreamName: event.stream, ...describeEvent(event), eventId: event.eventId })),
        ...page.next(lastId),
        searchedLogStreams: [],
      };
    },
    { paging: { most: mostAtOnce } },
  ),
  GetLogEvents: read(GetLogEvents, ({ readEvents }, view, request) => {
    const { logStreamName, startTime = 0, endTime = Number.POSITIVE_INFINITY } = request;
    const { limit: most = mostAtOnce, startFromHead = false, nextToken: token } = request;
    const group = requireGroup(view, request).name;
    const stream = requireStream(view, group, logStreamName).name;
    const window = { fromMs: startTime, toMs: endTime };
    return pageOfStream(readEvents, { view, group, stream, window }, { most, startFromHead, token });
  }),
  PutLogEvents: write(
    PutLogEvents,
    ({ putLogEvents }, tx, { logGroupName, logStreamName, logEvents }) => {
      const group = requireGroup(tx, { logGroupName }).name;
      requireStream(tx, group, logStreamName);
      const events = logEvents.map(({ timestamp, message }) => ({ timestampMs: timestamp, message }));
      putLogEvents(tx, group, logStreamName, events);
      return { nextSequenceToken: "0" };
    },
    { isStreaming: true },
  ),
};
