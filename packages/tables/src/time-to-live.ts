/** UpdateTimeToLive and DescribeTimeToLive. */
import { z } from "zod";
import { read, write } from "./engine.ts";
import { invalid } from "./errors.ts";
import { Flag, TableName, Text } from "./members.ts";
import { changeTable } from "./table-changes.ts";

const UpdateTimeToLive = z.object({ TableName, TimeToLiveSpecification: z.object({ AttributeName: Text, Enabled: Flag }) });

/** Those that set and show the attribute that says when an item ends. */
export const timeToLiveOperations = {
  UpdateTimeToLive: write(UpdateTimeToLive, (core, tx, { TableName: name, TimeToLiveSpecification: specification }) => {
    const before = core.catalog.get(tx, name);
    const { AttributeName: attribute } = specification;
    if (!attribute) throw invalid("TimeToLiveSpecification.AttributeName must not be empty");
    const enabled = specification.Enabled === true;
    if (enabled === (before.timeToLiveAttribute !== undefined)) {
      throw invalid(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
    }
    const { timeToLiveAttribute: _, ...rest } = before;
    changeTable(core, tx, before, enabled ? { ...rest, timeToLiveAttribute: attribute } : rest);
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
  }),
  DescribeTimeToLive: read(z.object({ TableName }), ({ catalog }, view, request) => {
    const { timeToLiveAttribute } = catalog.get(view, request.TableName);
    const description =
      timeToLiveAttribute === undefined
        ? { TimeToLiveStatus: "DISABLED" }
        : { TimeToLiveStatus: "ENABLED", AttributeName: timeToLiveAttribute };
    return { TimeToLiveDescription: description };
  }),
};
