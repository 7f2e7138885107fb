/** Runs the steps of a state under test and records each for the inspection. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compileResultSteps } from "../compile-fields.ts";
import { StateFailure } from "../errors.ts";
import { type Frame, isObject } from "../frame.ts";
import type { ChoiceState, MapState, State } from "../machine.ts";
import { batchesOf } from "../map-batches.ts";
import { compileSelection } from "../paths.ts";
import { type ItemReaderConfig, ItemsError, readerItems } from "../reader-items.ts";
import type { Inspection } from "./inspection.ts";
import type { Subject } from "./request.ts";
import type { TestStateResult } from "./result.ts";

/** Returns the effective input; of a Map also its thresholds. */
export function prepareStep(
  { state: definition, language }: Subject,
  state: State,
  frame: Frame,
  inspection: Inspection,
  itemReaderData?: string,
): JsonValue {
  const byPath = language === "JSONPath";
  const isPassWithResult = state.type === "Pass" && state.result !== undefined;
  const showsInput = byPath && state.type !== "Parallel" && state.type !== "Fail" && !isPassWithResult;
  if (showsInput || (byPath && definition.InputPath !== undefined)) {
    inspection.set("afterInputPath", compileSelection(definition.InputPath as string | null | undefined)(frame));
  }
  const prepared = state.prepare(frame);
  if (state.type === "Task") for (const field of [state.timeoutSeconds, state.heartbeatSeconds, state.credentials]) field?.(frame);
  const showsParameters = state.type === "Task" || (state.type === "Pass" && !isPassWithResult) || definition.Parameters !== undefined;
  if (byPath && showsParameters && state.type !== "Map") inspection.set("afterParameters", prepared);
  if (!byPath && definition.Arguments !== undefined) inspection.set("afterArguments", prepared);
  return state.type === "Map" ? prepareMap(definition, state, { ...frame, input: prepared }, inspection, itemReaderData) : prepared;
}

function prepareMap(definition: JsonObject, state: MapState, frame: Frame, inspection: Inspection, itemReaderData?: string): JsonValue {
  const items = state.reader ? itemsRead(definition, state, frame, itemReaderData) : (state.items(frame) as readonly JsonValue[]);
  const config = configOf(definition);
  if (config.ItemsPointer !== undefined) inspection.set("afterItemsPointer", items);
  if (state.language === "JSONPath" && !state.reader) inspection.set("afterItemsPath", items);
  const selected = selectedItems(state, frame, items);
  if (definition.ItemSelector !== undefined) inspection.set("afterItemSelector", selected);
  if (state.batcher) inspection.set("afterItemBatcher", batchesOf(state.batcher, frame, selected));
  inspection.set("maxConcurrency", state.maxConcurrency(frame) ?? 0);
  const [count, percentage] = [state.toleratedCount(frame), state.toleratedPercentage(frame)];
  if (count !== undefined) inspection.set("toleratedFailureCount", count);
  if (percentage !== undefined) inspection.set("toleratedFailurePercentage", percentage);
  state.writer?.(frame);
  return { ...(count !== undefined && { count }), ...(percentage !== undefined && { percentage }), length: items.length };
}

function selectedItems({ selector }: MapState, frame: Frame, items: readonly JsonValue[]): readonly JsonValue[] {
  if (!selector) return items;
  return items.map((item, index) =>
    selector({ ...frame, context: () => ({ ...frame.context(), Map: { Item: { Index: index, Value: item } } }) }),
  );
}

function configOf({ ItemReader }: JsonObject): ItemReaderConfig {
  const config = isObject(ItemReader) ? ItemReader.ReaderConfig : undefined;
  // The definition was checked before.
  return isObject(config) ? (config as ItemReaderConfig) : {};
}

/** Returns the items in the mocked text of an ItemReader, at most its `MaxItems`; empty without a text. @throws {StateFailure} `States.ItemReaderFailed` */
function itemsRead(definition: JsonObject, state: MapState, frame: Frame, data: string | undefined): readonly JsonValue[] {
  state.reader?.(frame);
  const limit = state.maxItems?.(frame);
  if (data === undefined) return [];
  const config = configOf(definition);
  try {
    // An ItemReader that lists S3 objects has no `InputType`.
    const items = readerItems(data, config.InputType === undefined ? { InputType: "JSON" } : config, "mapItemReaderData");
    return limit === undefined ? items : items.slice(0, limit);
  } catch (error) {
    throw error instanceof ItemsError ? new StateFailure("States.ItemReaderFailed", error.message) : error;
  }
}

/** Makes the output from the result, or from the effective input. */
export function completeStep(
  subject: Subject,
  state: State,
  frame: Frame,
  inspection: Inspection,
  prepared: JsonValue,
  result: JsonValue | undefined,
): TestStateResult {
  if (state.type === "Fail") throw new StateFailure(state.error(frame), state.cause(frame));
  if (state.type === "Choice") return choose(state, frame, inspection, prepared);
  if (state.type === "Wait") state.untilMs({ ...frame, input: prepared }, frame.env.nowMs);
  const shownResult = state.type === "Pass" ? state.result : state.type === "Task" ? result : undefined;
  if (shownResult !== undefined) inspection.set("result", shownResult);
  const value = state.type === "Pass" ? (state.result ?? prepared) : (result ?? prepared);
  const output =
    subject.language === "JSONPath" ? byPath(subject.state, state, frame, inspection, value) : byQuery(state, frame, inspection, value);
  return { status: "SUCCEEDED", output, ...(state.next !== undefined && { nextState: state.next }) };
}

function byPath(definition: JsonObject, state: State, frame: Frame, inspection: Inspection, value: JsonValue): JsonValue {
  const { select, assign, combine, narrow } = compileResultSteps(definition);
  const selected = select ? select({ ...frame, input: value }) : value;
  const combined = combine(frame.input, selected);
  if (state.type !== "Succeed" && state.type !== "Wait") {
    inspection.set("afterResultSelector", selected);
    inspection.set("afterResultPath", combined);
  }
  inspection.assign(assign?.({ ...frame, input: selected }) as JsonObject | undefined);
  return narrow ? narrow({ ...frame, input: combined }) : combined;
}

function byQuery(state: State, frame: Frame, inspection: Inspection, value: JsonValue): JsonValue {
  const { output, assigned } = state.complete(frame, value);
  inspection.assign(assigned);
  return output;
}

function choose(state: ChoiceState, frame: Frame, inspection: Inspection, input: JsonValue): TestStateResult {
  const rule = state.rules.find(({ condition }) => condition({ ...frame, input }));
  const next = rule?.next ?? state.otherwise;
  if (next === undefined) throw new StateFailure("States.NoChoiceMatched", "No choice rule matched and there is no Default.");
  const { output, assigned } = (rule ?? state).complete(frame, input);
  inspection.assign(assigned);
  return { status: "SUCCEEDED", output, nextState: next };
}
