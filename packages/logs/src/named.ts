/** What a request names. */
import type { ReadView } from "@serverlesspresso/store";
import { LogsError } from "./errors.ts";
import { findGroup, findStream, type LogGroup, type LogStream } from "./log-store.ts";

/** A group goes by its name or its ARN. */
export interface NamedGroup {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** @throws {LogsError} `ResourceNotFoundException` */
export function requireGroup(view: ReadView, { logGroupName, logGroupIdentifier }: NamedGroup): LogGroup {
  const name = logGroupName ?? logGroupIdentifier?.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, "");
  const group = name === undefined ? undefined : findGroup(view, name);
  if (group === undefined) throw new LogsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

/** @throws {LogsError} `ResourceNotFoundException` */
export function requireStream(view: ReadView, group: string, name: string): LogStream {
  const stream = findStream(view, group, name);
  if (stream === undefined) throw new LogsError("ResourceNotFoundException", "The specified log stream does not exist.");
  return stream;
}
