/** PublishStateMachineVersion and its kin, as on Step Functions' wire. */
import { z } from "zod";
import { invalidArn } from "../arns.ts";
import { isVersion } from "../target.ts";
import { deleteVersion, publish, versionsOf } from "../versions.ts";
import { arn, page, seconds, text } from "./request.ts";
import { unqualified } from "./state-machines.ts";
import { list, write } from "./verbs.ts";

const PublishStateMachineVersion = z.object({
  stateMachineArn: arn,
  revisionId: text.optional(),
  description: text.max(256).optional(),
});
const ListStateMachineVersions = z.object({ stateMachineArn: arn, ...page });
const DeleteStateMachineVersion = z.object({ stateMachineVersionArn: arn });

/** Those that publish, list and delete versions. */
export const versionOperations = {
  PublishStateMachineVersion: write(PublishStateMachineVersion, ({ engine }, tx, { stateMachineArn, revisionId, description }) => {
    const machine = unqualified(engine, stateMachineArn);
    const { number, createdMs } = publish(engine, tx, machine, { revisionId, description });
    return { creationDate: seconds(createdMs), stateMachineVersionArn: engine.arns.qualified(machine, number) };
  }),
  // The newest first; of a machine that is not there, none.
  ListStateMachineVersions: list(ListStateMachineVersions, ({ engine }, view, { stateMachineArn }, { limit, after, next }) => {
    const machine = unqualified(engine, stateMachineArn);
    const found = versionsOf(view, machine, limit + 1, after(z.number()));
    const shown = found.slice(0, limit);
    return {
      stateMachineVersions: shown.map(({ number, createdMs }) => ({
        stateMachineVersionArn: engine.arns.qualified(machine, number),
        creationDate: seconds(createdMs),
      })),
      ...next(found.length > limit ? shown.at(-1)?.number : undefined),
    };
  }),
  DeleteStateMachineVersion: write(DeleteStateMachineVersion, ({ engine }, tx, { stateMachineVersionArn }) => {
    const { machine, qualifier } = engine.arns.machine(stateMachineVersionArn);
    if (qualifier === undefined || !isVersion(qualifier)) throw invalidArn(stateMachineVersionArn);
    deleteVersion(tx, machine, Number(qualifier));
    return {};
  }),
};
