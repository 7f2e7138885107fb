/** Step Functions' operations on the runs of distributed Maps. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { MapRunCounts } from "@serverlesspresso/states-language";
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import type { Engine } from "../engine.ts";
import { WorkflowError } from "../errors.ts";
import { childOf } from "../found.ts";
import { type ExecutionId, keys, partsOfId } from "../keys.ts";
import { findMapRun, type MapRunRecord, settled } from "../map-runs.ts";
import type { ClosedRecord, RunningHead } from "../records.ts";
import { arn, page, seconds } from "./request.ts";
import { list, read, write } from "./verbs.ts";

const DescribeMapRun = z.object({ mapRunArn: arn });
const ListMapRuns = z.object({ executionArn: arn, ...page });
const whole = z.number().int().min(0);
const UpdateMapRun = z.object({
  mapRunArn: arn,
  maxConcurrency: whole.optional(),
  toleratedFailureCount: whole.optional(),
  toleratedFailurePercentage: z.number().min(0).max(100).optional(),
});

/** Those that describe, list and change runs. */
export const mapRunOperations = {
  DescribeMapRun: read(DescribeMapRun, ({ engine }, view, request) => {
    const { executionId, record } = findMapRun(view, request.mapRunArn);
    const { report, startMs, stopMs, redrives } = settled(view, executionId, record);
    const { mapRunArn, status, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = report;
    return {
      mapRunArn,
      executionArn: report.executionArn ?? executionArnOf(engine, view, executionId),
      status,
      startDate: seconds(startMs),
      ...(stopMs !== undefined && { stopDate: seconds(stopMs) }),
      maxConcurrency,
      toleratedFailureCount,
      toleratedFailurePercentage,
      itemCounts: countsOf(report.itemCounts),
      executionCounts: countsOf(report.executionCounts),
      redriveCount: redrives?.count ?? 0,
      ...(redrives && { redriveDate: seconds(redrives.redriveMs) }),
    };
  }),
  ListMapRuns: list(ListMapRuns, ({ engine, executions }, view, { executionArn }, page) => {
    const found = executions.find(view, executionArn);
    const child = childOf(found);
    const id = child?.of ?? found.id;
    const runs = view
      .scan<MapRunRecord>(keys.mapRunsOf(id))
      .map(([, record]) => settled(view, id, record))
      .filter(({ report }) => report.executionArn === (child && executionArn))
      .sort((one, other) => one.startMs - other.startMs);
    const { items, next } = page.cut(runs);
    return {
      mapRuns: items.map(({ report: { mapRunArn }, startMs, stopMs }) => ({
        executionArn,
        mapRunArn,
        stateMachineArn: engine.arns.stateMachine(found.machine),
        startDate: seconds(startMs),
        ...(stopMs !== undefined && { stopDate: seconds(stopMs) }),
      })),
      ...next,
    };
  }),
  UpdateMapRun: write(UpdateMapRun, ({ sessions }, tx, request) => {
    const { mapRunArn, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = request;
    const { executionId, record } = findMapRun(tx, mapRunArn);
    const session = sessions.of(tx);
    const live = session.load(executionId);
    if (live === undefined || record.report.status !== "RUNNING") {
      throw new WorkflowError("ValidationException", `The map run is ${record.report.status}, expected RUNNING: '${mapRunArn}'`);
    }
    session.enqueue(live, {
      kind: "updateMapRun",
      mapRunArn,
      ...(maxConcurrency !== undefined && { maxConcurrency }),
      ...(toleratedFailureCount !== undefined && { toleratedFailureCount }),
      ...(toleratedFailurePercentage !== undefined && { toleratedFailurePercentage }),
    });
    return {};
  }),
};

/** We count zero for what we do not distinguish; an earlier release did not count children that wait for their redrive. */
const none: JsonObject = { timedOut: 0, failuresNotRedrivable: 0, pendingRedrive: 0 };
function countsOf(counts: MapRunCounts): JsonObject {
  return { ...none, ...counts };
}

function executionArnOf(engine: Engine, view: ReadView, id: ExecutionId): string {
  const record = view.get<RunningHead>(keys.running(id)) ?? view.get<ClosedRecord>(keys.closed(id));
  return engine.arns.execution(partsOfId(id).machine, record?.name ?? "");
}
