/**
 * Lines as they are stored: the three that every invocation of a function writes differ in an id and a duration, so that is what is stored of them.
 *
 * LF1. What is read is what was written: `lineOf` gives the text that `shortened` was given.
 */

import { longUuid, shortUuid } from "@serverlesspresso/store";

/**
 * An event in its record: its instant, as a distance from the first one's, and its text; or the form of its text, the request it is about, and the
 * milliseconds of a report. The request is its id, or the place in the record of the line that has it.
 */
export type ChunkLine =
  | readonly [offsetMs: number, message: string]
  | readonly [offsetMs: number, form: number, request: string | number, tookMs?: number];

const [start, end, report] = [1, 2, 3];
const line = /^(START|END|REPORT) RequestId: ([0-9a-f-]{36})(.*)$/;
const took = /^\tDuration: (\d{1,9})\.00 ms\tBilled Duration: (\d{1,9}) ms$/;

/** Returns the lines of one record as they are stored. */
export function shortened(lines: readonly (readonly [offsetMs: number, message: string])[]): ChunkLine[] {
  const places = new Map<string, number>();
  return lines.map(([offsetMs, message], place): ChunkLine => {
    const [, word, id, rest] = message.length > 200 ? [] : (line.exec(message) ?? []);
    if (word === undefined || id === undefined || rest === undefined) return [offsetMs, message];
    const request = places.get(id) ?? shortUuid(id);
    const form = formOf(word, rest);
    if (form === undefined || request === undefined) return [offsetMs, message];
    if (typeof request === "string") places.set(id, place);
    return form === report ? [offsetMs, form, request, Number(took.exec(rest)?.[1])] : [offsetMs, form, request];
  });
}

function formOf(word: string, rest: string): number | undefined {
  if (word === "START") return rest === " Version: $LATEST" ? start : undefined;
  if (word === "END") return rest === "" ? end : undefined;
  const [, duration, billed] = took.exec(rest) ?? [];
  return duration !== undefined && duration === billed && duration === `${Number(duration)}` ? report : undefined;
}

/** Returns the text of a line of a record. */
export function lineOf(lines: readonly ChunkLine[], place: number): string {
  const [, form, request, tookMs] = lines[place] as ChunkLine;
  if (typeof form === "string") return form;
  const id = longUuid(typeof request === "number" ? ((lines[request] as ChunkLine)[2] as string) : (request as string));
  if (form === start) return `START RequestId: ${id} Version: $LATEST`;
  if (form === end) return `END RequestId: ${id}`;
  return `REPORT RequestId: ${id}\tDuration: ${tookMs}.00 ms\tBilled Duration: ${tookMs} ms`;
}
