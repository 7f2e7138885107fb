/** PublishStateMachineVersion and its kin, as on Step Functions' wire. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import * as z from "zod";
import { invalidArn } from "../arns.ts";
import type { Engine } from "../engine.ts";
import { isVersion } from "../target.ts";
import { deleteVersion, publish, versionsOf } from "../versions.ts";
import { arn, page, pageSize, pageToken, parse, seconds, text } from "./request.ts";
import { unqualified } from "./state-machines.ts";

const PublishStateMachineVersion = z.object({
  stateMachineArn: arn,
  revisionId: text.optional(),
  description: text.max(256).optional(),
});
const ListStateMachineVersions = z.object({ stateMachineArn: arn, ...page });
const DeleteStateMachineVersion = z.object({ stateMachineVersionArn: arn });

export function publishStateMachineVersion(engine: Engine, tx: Transaction, request: JsonObject): JsonObject {
  const { stateMachineArn, revisionId, description } = parse(PublishStateMachineVersion, request);
  const machine = unqualified(engine, stateMachineArn);
  const { number, createdMs } = publish(engine, tx, machine, { revisionId, description });
  return { creationDate: seconds(createdMs), stateMachineVersionArn: engine.arns.qualified(machine, number) };
}

/** The newest first; of a machine that is not there, none. */
export function listStateMachineVersions(engine: Engine, view: ReadView, request: JsonObject): JsonObject {
  const { stateMachineArn, maxResults, nextToken } = parse(ListStateMachineVersions, request);
  const machine = unqualified(engine, stateMachineArn);
  const limit = pageSize(maxResults);
  const found = versionsOf(view, machine, limit + 1, pageToken.read(z.number(), nextToken));
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    stateMachineVersions: shown.map(({ number, createdMs }) => ({
      stateMachineVersionArn: engine.arns.qualified(machine, number),
      creationDate: seconds(createdMs),
    })),
    ...(found.length > limit && last !== undefined && { nextToken: pageToken.write(last.number) }),
  };
}

export function deleteStateMachineVersion(engine: Engine, tx: Transaction, request: JsonObject): JsonObject {
  const { stateMachineVersionArn } = parse(DeleteStateMachineVersion, request);
  const { machine, qualifier } = engine.arns.machine(stateMachineVersionArn);
  if (qualifier === undefined || !isVersion(qualifier)) throw invalidArn(stateMachineVersionArn);
  deleteVersion(tx, machine, Number(qualifier));
  return {};
}
