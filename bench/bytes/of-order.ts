/** Divides what a folder has grown by among orders. */
import type { KindSurvey, StoreSurvey } from "@serverlesspresso/store";
import { count } from "../measure.ts";

/** A folder before orders, after them, and once what they left was packed. */
export interface Surveys {
  readonly before: StoreSurvey;
  readonly warm: StoreSurvey;
  readonly cold: StoreSurvey;
  readonly orders: number;
}

/** Records of log groups, alone or in blocks. */
const logKinds: ReadonlySet<string | undefined> = new Set(["log lines", "log lines in blocks"]);
/** Less than this is not listed by itself. */
const fewestBytes = 10;

/** Returns rows of the kinds that grew most, then their sum, log lines, pages in use and the file: records and bytes for each order. */
export function bytesOfOrder({ before, warm, cold, orders }: Surveys): string[][] {
  const kinds = [...new Set([...warm.kinds, ...cold.kinds].map(({ kind }) => kind?.holds))];
  const growth = (survey: StoreSurvey, what: (survey: StoreSurvey) => number): number => (what(survey) - what(before)) / orders;
  const bytesOf = (survey: StoreSurvey, isMeant: (holds: string | undefined) => boolean) =>
    growth(survey, (one) => sum(one.kinds.filter(({ kind }) => isMeant(kind?.holds)).map(({ bytes }) => bytes)));
  const recordsOf = (holds: string | undefined): number => growth(warm, ({ kinds }) => find(kinds, holds)?.records ?? 0);
  const row = (name: string, records: string, both: (survey: StoreSurvey) => number) => ({ name, records, bytes: [warm, cold].map(both) });
  const listed = kinds
    .map((holds) => row(holds ?? "unknown", recordsOf(holds).toFixed(2), (survey) => bytesOf(survey, (other) => other === holds)))
    .filter(({ bytes }) => bytes.some((each) => Math.abs(each) >= fewestBytes))
    .sort((a, b) => Math.max(...b.bytes) - Math.max(...a.bytes));
  const sums = [
    row("all records", "", (survey) => bytesOf(survey, () => true)),
    row("log lines, all groups together", "", (survey) => bytesOf(survey, (holds) => logKinds.has(holds))),
    row("pages in use", "", (survey) => growth(survey, ({ usedBytes }) => usedBytes)),
    row("the file", "", (survey) => growth(survey, ({ fileBytes }) => fileBytes)),
  ];
  return [...listed, ...sums].map(({ name, records, bytes }) => [name, records, ...bytes.map(count)]);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const find = (kinds: readonly KindSurvey[], holds: string | undefined): KindSurvey | undefined =>
  kinds.find(({ kind }) => kind?.holds === holds);
