/** The longest time that a field of the language can give, in seconds. */
export const longestSeconds = 99_999_999;

const shape = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Returns an ISO 8601 timestamp with offset as milliseconds since the epoch, with their fraction; undefined if the text is not a timestamp. */
export function parseTimestamp(text: string): number | undefined {
  const found = shape.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const [offsetHour, offsetMinute] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  const longest = month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] ?? 0);
  if (day < 1 || day > longest || hour > 23 || minute > 59 || second > 59 || offsetHour > 18 || offsetMinute > 59) return undefined;
  const offsetMs = (offsetHour * 60 + offsetMinute) * 60_000 * (found[8] === "-" ? -1 : 1);
  return Date.UTC(year, month - 1, day, hour, minute, second) + Number(found[7] ?? 0) * 1_000 - offsetMs;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** As AWS writes times into the context object: `2026-01-01T09:00:00.000Z`. */
export function formatTimestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}
