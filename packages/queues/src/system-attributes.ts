/** What SQS itself says of a received message, under its names. */
import type { ReceivedMessage } from "./queue-verbs.ts";

/** @param arnOf the ARN of a queue of this account, by name */
export function systemAttributesOf(received: ReceivedMessage, account: string, arnOf: (name: string) => string): Record<string, string> {
  const { deadLetterSource, groupId, deduplicationId, sequenceNumber, traceHeader } = received;
  return {
    SenderId: account,
    SentTimestamp: String(received.sentMs),
    ApproximateReceiveCount: String(received.receiveCount),
    ApproximateFirstReceiveTimestamp: String(received.firstReceivedMs),
    ...(deadLetterSource !== undefined && { DeadLetterQueueSourceArn: arnOf(deadLetterSource) }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
    ...(traceHeader !== undefined && { AWSTraceHeader: traceHeader }),
  };
}
