/** The kinds of records of queues. */
import { defineKind, type Kept, type Kind } from "@serverlesspresso/store";

const kind = (prefix: string, holds: string, kept: Kept): Kind => defineKind({ prefix, holds, owner: "queues", kept });

/** By what they hold. */
export const kinds = {
  queues: kind("qc", "queues", "for good"),
  waiting: kind("qm", "messages that wait", "while needed"),
  flying: kind("qf", "messages in flight", "while needed"),
  moveTasks: kind("qt", "tasks that move messages", "for good"),
  deduplication: kind("qd", "deduplication ids", "while needed"),
  sequenceNumbers: kind("qs", "sequence numbers of FIFO queues", "while needed"),
  deduplicationEnds: kind("qe", "ends of deduplication ids", "while needed"),
};
