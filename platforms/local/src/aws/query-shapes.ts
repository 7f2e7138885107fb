/** What the query protocol's texts mean: which parameters are lists, maps, numbers, and how answers are written. */

/** A map is written as a row of pairs: `Attribute.1.Name=…&Attribute.1.Value=…`. */
interface MapShape {
  readonly member: (operation: string) => string;
  readonly key: string;
  readonly value: string;
}
export interface QueryShapes {
  /** By the name of the service in `X-Amz-Target`. */
  readonly service: string;
  readonly namespace: string;
  /** Flattened lists, by the name of their parameter: `AttributeName.1=…`; other lists have `member` before the number. */
  readonly lists: Readonly<Record<string, string>>;
  readonly maps: Readonly<Record<string, MapShape>>;
  readonly numbers: ReadonlySet<string>;
  /** Numbers only beside another parameter, text elsewhere: a datum's `Value`, not a dimension's. */
  readonly numbersBeside: Readonly<Record<string, string>>;
  readonly booleans: ReadonlySet<string>;
  /** How the entries of an answer's lists are called; others are `member` within the list's own name. */
  readonly entries: (operation: string, member: string) => string | undefined;
}

const sqsEntries: Readonly<Record<string, string>> = {
  Messages: "Message",
  QueueUrls: "QueueUrl",
  queueUrls: "QueueUrl",
  Failed: "BatchResultErrorEntry",
  Results: "ListMessageMoveTasksResultEntry",
};

const sqs: QueryShapes = {
  service: "AmazonSQS",
  namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
  lists: {
    AttributeName: "AttributeNames",
    MessageAttributeName: "MessageAttributeNames",
    MessageSystemAttributeName: "MessageSystemAttributeNames",
    TagKey: "TagKeys",
    SendMessageBatchRequestEntry: "Entries",
    DeleteMessageBatchRequestEntry: "Entries",
    ChangeMessageVisibilityBatchRequestEntry: "Entries",
  },
  maps: {
    Attribute: { member: () => "Attributes", key: "Name", value: "Value" },
    MessageAttribute: { member: () => "MessageAttributes", key: "Name", value: "Value" },
    MessageSystemAttribute: { member: () => "MessageSystemAttributes", key: "Name", value: "Value" },
    Tag: { member: (operation) => (operation === "CreateQueue" ? "tags" : "Tags"), key: "Key", value: "Value" },
  },
  numbers: new Set([
    "DelaySeconds",
    "MaxNumberOfMessages",
    "MaxNumberOfMessagesPerSecond",
    "MaxResults",
    "VisibilityTimeout",
    "WaitTimeSeconds",
  ]),
  numbersBeside: {},
  booleans: new Set(),
  entries: (operation, member) => (member === "Successful" ? `${operation}ResultEntry` : sqsEntries[member]),
};

const cloudWatch: QueryShapes = {
  service: "GraniteServiceVersion20100801",
  namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  lists: {},
  maps: {},
  numbers: new Set(["Counts", "Maximum", "Minimum", "Period", "SampleCount", "Sum", "StorageResolution", "Values"]),
  numbersBeside: { Value: "MetricName" },
  booleans: new Set(["ReturnData"]),
  entries: () => undefined,
};

const sts: QueryShapes = {
  service: "STS",
  namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  lists: {},
  maps: {},
  numbers: new Set(),
  numbersBeside: {},
  booleans: new Set(),
  entries: () => undefined,
};

/** By the `Version` that a call names. */
export const queryShapes: Readonly<Record<string, QueryShapes>> = { "2012-11-05": sqs, "2010-08-01": cloudWatch, "2011-06-15": sts };
