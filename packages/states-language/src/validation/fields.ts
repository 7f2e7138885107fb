/** The fields that a state may, must and must not have, and the check of each field. */
import { longestSeconds } from "../timestamps.ts";
import type { Language } from "./report.ts";
import {
  anything,
  assign,
  type Check,
  credentials,
  dynamicText,
  list,
  number,
  object,
  oneOf,
  path,
  pathOrIntrinsic,
  pointer,
  resource,
  resultPath,
  template,
  text,
  timestamp,
  truth,
} from "./values.ts";

/**
 * The types of states, as in the field `Type`.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
 */
export type StateType = "Task" | "Pass" | "Choice" | "Wait" | "Succeed" | "Fail" | "Parallel" | "Map";

const seconds = number({ from: 0, to: longestSeconds, dynamic: true });
const timeout = number({ from: 1, to: longestSeconds, dynamic: true });
const count = number({ from: 0, dynamic: true });

/** The check of each field; it is the same in every type of state. */
export const fieldChecks: Readonly<Record<string, Check>> = {
  Type: text,
  Comment: anything,
  QueryLanguage: oneOf("JSONPath", "JSONata"),
  Next: text,
  End: truth,
  InputPath: path,
  OutputPath: path,
  ResultPath: resultPath,
  Parameters: template,
  ResultSelector: template,
  Arguments: template,
  Output: template,
  Assign: assign,
  Result: anything,
  Resource: resource,
  Credentials: credentials,
  TimeoutSeconds: timeout,
  TimeoutSecondsPath: path,
  HeartbeatSeconds: timeout,
  HeartbeatSecondsPath: path,
  Retry: list,
  Catch: list,
  Choices: list,
  Default: text,
  Seconds: seconds,
  SecondsPath: path,
  Timestamp: timestamp,
  TimestampPath: path,
  Error: dynamicText,
  ErrorPath: pathOrIntrinsic,
  Cause: dynamicText,
  CausePath: pathOrIntrinsic,
  Branches: list,
  Iterator: object,
  ItemProcessor: object,
  ItemsPath: pathOrIntrinsic,
  Items: template,
  ItemSelector: template,
  ItemReader: object,
  ItemBatcher: object,
  ResultWriter: object,
  MaxConcurrency: count,
  MaxConcurrencyPath: pointer,
  ToleratedFailureCount: count,
  ToleratedFailureCountPath: pointer,
  ToleratedFailurePercentage: number({ from: 0, to: 100, real: true, dynamic: true }),
  ToleratedFailurePercentagePath: pointer,
  Label: text,
};

const common = ["Type", "Comment", "QueryLanguage"];
const flow = ["Next", "End"];
const paths = ["InputPath", "OutputPath", "Output"];
const worked = ["Parameters", "Arguments", "ResultSelector", "ResultPath", "Assign", "Retry", "Catch"];

/** The fields that each type of state may have, in either query language. */
export const allowedFields: Readonly<Record<StateType, ReadonlySet<string>>> = {
  Task: new Set([
    ...[...common, ...flow, ...paths, ...worked, "Resource", "Credentials"],
    ...["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"],
  ]),
  Pass: new Set([...common, ...flow, ...paths, "Parameters", "Result", "ResultPath", "Assign"]),
  Choice: new Set([...common, ...paths, "Choices", "Default", "Assign"]),
  Wait: new Set([...common, ...flow, ...paths, "Assign", "Seconds", "SecondsPath", "Timestamp", "TimestampPath"]),
  Succeed: new Set([...common, ...paths]),
  Fail: new Set([...common, "Error", "ErrorPath", "Cause", "CausePath"]),
  Parallel: new Set([...common, ...flow, ...paths, ...worked, "Branches"]),
  Map: new Set([
    ...[...common, ...flow, ...paths, ...worked, "Iterator", "ItemProcessor", "ItemsPath", "Items", "ItemSelector", "Label"],
    ...["ItemReader", "ItemBatcher", "ResultWriter", "MaxConcurrency", "MaxConcurrencyPath"],
    ...["ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath"],
  ]),
};

/** The fields that only one query language has. */
export const languageOfField: Readonly<Record<string, Language>> = {
  ...Object.fromEntries(
    [
      ...["InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector", "Result", "ItemsPath", "SecondsPath", "TimestampPath"],
      ...["TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath", "MaxConcurrencyPath"],
      ...[
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentagePath",
        "MaxItemsPath",
        "MaxItemsPerBatchPath",
        "MaxInputBytesPerBatchPath",
      ],
    ].map((name) => [name, "JSONPath" as const]),
  ),
  ...Object.fromEntries(["Arguments", "Output", "Items"].map((name) => [name, "JSONata" as const])),
};

/** The fields that a state of this type must have. */
export const requiredFields: Readonly<Partial<Record<StateType, readonly string[]>>> = {
  Task: ["Resource"],
  Choice: ["Choices"],
  Parallel: ["Branches"],
};

/** Groups of fields: a state may have at most one of each group. */
export const exclusiveFields: readonly (readonly string[])[] = [
  ["Next", "End"],
  ["TimeoutSeconds", "TimeoutSecondsPath"],
  ["HeartbeatSeconds", "HeartbeatSecondsPath"],
  ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
  ["Error", "ErrorPath"],
  ["Cause", "CausePath"],
  ["Iterator", "ItemProcessor"],
  ["Items", "ItemsPath"],
  ["ItemSelector", "Parameters"],
  ["MaxConcurrency", "MaxConcurrencyPath"],
  ["ToleratedFailureCount", "ToleratedFailureCountPath"],
  ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"],
  ["MaxItems", "MaxItemsPath"],
  ["MaxItemsPerBatch", "MaxItemsPerBatchPath"],
  ["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"],
];

/** Of each group one must. */
export const neededFields: Readonly<Partial<Record<StateType, readonly string[]>>> = {
  Wait: ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
  Map: ["ItemProcessor", "Iterator"],
};
