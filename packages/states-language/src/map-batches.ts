import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Frame } from "./frame.ts";
import type { Batcher, MapState } from "./machine.ts";
import type { Node } from "./node.ts";
import { frameOf, type Run } from "./run.ts";

/** Returns the inputs that an ItemBatcher makes: lists of selected items, each with the batch input. */
export function makeBatches(run: Run, node: Node, state: MapState, batcher: Batcher, items: readonly JsonValue[]): JsonObject[] {
  const frame = frameOf(run, node);
  const selected = items.map((item, index) => select(run, node, state, index, item));
  return batchesOf(batcher, { ...frame, input: state.prepare(frame) }, selected);
}

/** Returns the inputs that an ItemBatcher makes of selected items. `frame.input` is the state's effective input. */
export function batchesOf(batcher: Batcher, frame: Frame, selected: readonly JsonValue[]): JsonObject[] {
  const common = batcher.batchInput ? { BatchInput: batcher.batchInput(frame) } : {};
  const mostItems = batcher.maxItems(frame) || Number.POSITIVE_INFINITY;
  const mostBytes = batcher.maxBytes(frame) || Number.POSITIVE_INFINITY;
  const lists: JsonValue[][] = [];
  let [list, bytes]: [JsonValue[], number] = [[], 0];
  for (const item of selected) {
    const size = mostBytes === Number.POSITIVE_INFINITY ? 0 : Buffer.byteLength(JSON.stringify(item)) + 1;
    if (list.length > 0 && (list.length >= mostItems || bytes + size > mostBytes)) {
      lists.push(list);
      [list, bytes] = [[], 0];
    }
    list.push(item);
    bytes += size;
  }
  if (list.length > 0) lists.push(list);
  return lists.map((Items) => ({ ...common, Items }));
}

function select(run: Run, node: Node, state: MapState, index: number, item: JsonValue): JsonValue {
  if (!state.selector) return item;
  const frame = frameOf(run, node, { item: { Index: index, Value: item } });
  return state.selector({ ...frame, input: state.prepare(frame) });
}
