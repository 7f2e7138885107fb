/** Tags of log groups: by ARN, and by name as older clients have it. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { LogsError } from "./errors.ts";
import { type LogGroup, putGroup } from "./log-store.ts";
import { parseRequest, requests } from "./requests.ts";

type Tags = Readonly<Record<string, string>>;
type Named = { readonly logGroupName?: string | undefined; readonly logGroupIdentifier?: string | undefined };

const mostTags = 50;

/** @throws {LogsError} `TooManyTagsException` */
export function checkTags(tags: Tags): Tags {
  const count = Object.keys(tags).length;
  if (count > mostTags) throw new LogsError("TooManyTagsException", `A log group has at most ${mostTags} tags; these would be ${count}.`);
  return tags;
}

export function createTagOperations(requireGroup: (view: ReadView, named: Named) => LogGroup) {
  function tag(tx: Transaction, named: Named, tags: Tags): JsonObject {
    const group = requireGroup(tx, named);
    putGroup(tx, { ...group, tags: checkTags({ ...group.tags, ...tags }) });
    return {};
  }
  function untag(tx: Transaction, named: Named, keys: readonly string[]): JsonObject {
    const group = requireGroup(tx, named);
    putGroup(tx, { ...group, tags: Object.fromEntries(Object.entries(group.tags ?? {}).filter(([key]) => !keys.includes(key))) });
    return {};
  }
  const list = (view: ReadView, named: Named): JsonObject => ({ tags: requireGroup(view, named).tags ?? {} });
  const byArn = ({ resourceArn }: { readonly resourceArn: string }): Named => ({ logGroupIdentifier: resourceArn });

  return {
    reading: {
      ListTagsForResource: (view: ReadView, request: JsonObject) => list(view, byArn(parseRequest(requests.resource, request))),
      ListTagsLogGroup: (view: ReadView, request: JsonObject) => list(view, parseRequest(requests.group, request)),
    },
    writing: {
      TagResource(tx: Transaction, request: JsonObject) {
        const parsed = parseRequest(requests.tagResource, request);
        return tag(tx, byArn(parsed), parsed.tags);
      },
      UntagResource(tx: Transaction, request: JsonObject) {
        const parsed = parseRequest(requests.untagResource, request);
        return untag(tx, byArn(parsed), parsed.tagKeys);
      },
      TagLogGroup(tx: Transaction, request: JsonObject) {
        const parsed = parseRequest(requests.tagGroup, request);
        return tag(tx, parsed, parsed.tags);
      },
      UntagLogGroup(tx: Transaction, request: JsonObject) {
        const parsed = parseRequest(requests.untagGroup, request);
        return untag(tx, parsed, parsed.tags);
      },
    },
  };
}
