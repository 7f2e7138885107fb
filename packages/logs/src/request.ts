/** What several of CloudWatch Logs' requests have, in its own spelling. */
import { z } from "zod";

/** A group's name. */
export const logGroupName = z.string().regex(/^[.\-_/#A-Za-z0-9]{1,512}$/);
/** A stream's name. */
export const logStreamName = z.string().regex(/^[^:*]{1,512}$/);
/** A group by its name or its ARN. */
export const named = { logGroupName: logGroupName.optional(), logGroupIdentifier: z.string().optional() };
/** What lists take of pages. @param most the most that one may ask for */
export const page = (most: number) => ({ limit: z.int().min(1).max(most).optional(), nextToken: z.string().optional() });
/** Tags by their keys. */
export const tags = z.record(z.string().min(1).max(128), z.string().max(256));
