/**
 * Parses `rate(...)` and `cron(...)` of EventBridge; cron has six fields and runs in UTC.
 *
 * X1. A rate is at most a hundred years.
 * X2. A step is no longer than its field: 59 minutes, 23 hours, 31 days, 12 months, 7 weekdays, 230 years.
 * X3. The next time of a cron expression is searched for 41 years from its first year on: the fifth Friday of a February may be 40 years away.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
import { EventBusError } from "./errors.ts";

/** A parsed schedule expression. Times of cron are in UTC. */
export type Schedule =
  | { readonly kind: "rate"; readonly everyMs: number }
  | {
      readonly kind: "cron";
      readonly minutes: ReadonlySet<number>;
      readonly hours: ReadonlySet<number>;
      readonly isDay: (date: Date) => boolean;
      readonly years: ReadonlySet<number>;
    };

const unitsMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const weekdays = "SUN MON TUE WED THU FRI SAT".split(" ");
const dayMs = 86_400_000;
const longestRateMs = 36_525 * dayMs;
const daysLookedAt = 41 * 366;

/** Parses a schedule expression. @throws {EventBusError} `ValidationException` */
export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate !== null) {
    const [, count, unit, plural] = rate as unknown as [string, string, string, string];
    // "1 minute", "5 minutes": AWS requires the singular for 1 and the plural otherwise.
    if (Number(count) < 1 || (Number(count) === 1) === (plural === "s")) throw invalid();
    const everyMs = Number(count) * (unitsMs[unit] as number);
    if (everyMs > longestRateMs) throw invalid();
    return { kind: "rate", everyMs };
  }
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) throw invalid();
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields as [string, string, string, string, string, string];
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) throw invalid();
  const inMonth = numbers(month, 1, 12, months);
  const onDay = dayOfWeek === "?" ? dayOfMonthTest(dayOfMonth) : dayOfWeekTest(dayOfWeek);
  return {
    kind: "cron",
    minutes: numbers(minute, 0, 59),
    hours: numbers(hour, 0, 23),
    isDay: (date) => inMonth.has(date.getUTCMonth() + 1) && onDay(date),
    years: numbers(year, 1970, 2199),
  };
}

function invalid(): EventBusError {
  return new EventBusError("ValidationException", "Parameter ScheduleExpression is not valid.");
}

function numbers(field: string, low: number, high: number, names: readonly string[] = []): ReadonlySet<number> {
  const found = new Set<number>();
  const longestStep = Math.min(high, high - low + 1);
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toUpperCase());
    const value = named >= 0 ? named + low : /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= low && value <= high)) throw invalid();
    return value;
  };
  for (const part of field.split(",")) {
    const [range = "", step, ...others] = part.split("/");
    const [from, to, ...more] = range === "*" ? [low, high] : range.includes("-") ? range.split("-").map(numberOf) : [numberOf(range)];
    const every = step === undefined ? 1 : /^\d+$/.test(step) ? Number(step) : 0;
    if (others.length > 0 || more.length > 0 || every < 1 || every > longestStep) throw invalid();
    for (let n = from as number; n <= (to ?? (step === undefined ? (from as number) : high)); n += every) found.add(n);
  }
  return found;
}

function dayOfMonthTest(field: string): (date: Date) => boolean {
  if (field === "L") return (date) => date.getUTCDate() === lastDay(date);
  const nearest = /^(\d{1,2})W$/.exec(field)?.[1];
  if (nearest !== undefined) return (date) => date.getUTCDate() === nearestWeekday(date, Number(nearest));
  const days = numbers(field, 1, 31);
  return (date) => days.has(date.getUTCDate());
}

function dayOfWeekTest(field: string): (date: Date) => boolean {
  const special = /^(\w+?)(?:#([1-5])|L)$/.exec(field);
  if (special === null) {
    const days = numbers(field, 1, 7, weekdays);
    return (date) => days.has(date.getUTCDay() + 1);
  }
  const [, day, nth] = special as unknown as [string, string, string | undefined];
  const [wanted] = numbers(day, 1, 7, weekdays);
  return (date) =>
    date.getUTCDay() + 1 === wanted &&
    (nth === undefined ? date.getUTCDate() + 7 > lastDay(date) : Math.ceil(date.getUTCDate() / 7) === Number(nth));
}

function lastDay(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Returns the weekday nearest to the `day` of the date's month, within the month. */
function nearestWeekday(date: Date, day: number): number {
  const at = Math.min(day, lastDay(date));
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), at)).getUTCDay();
  if (weekday === 6) return at === 1 ? 3 : at - 1;
  if (weekday === 0) return at === lastDay(date) ? at - 2 : at + 1;
  return at;
}

/** Returns the first time after `nowMs`, both in milliseconds since the epoch; undefined if none is found (X3). */
export function nextInstant(schedule: Schedule, nowMs: number): number | undefined {
  if (schedule.kind === "rate") return nowMs + schedule.everyMs;
  const thisYear = new Date(nowMs).getUTCFullYear();
  const firstYear = Math.min(...[...schedule.years].filter((year) => year >= thisYear));
  if (firstYear === Number.POSITIVE_INFINITY) return undefined;
  const firstDayMs = Math.max(Math.floor(nowMs / dayMs) * dayMs, Date.UTC(firstYear, 0, 1));
  for (let dayNumber = 0; dayNumber < daysLookedAt; dayNumber++) {
    const startMs = firstDayMs + dayNumber * dayMs;
    const date = new Date(startMs);
    if (!schedule.years.has(date.getUTCFullYear()) || !schedule.isDay(date)) continue;
    for (const hour of [...schedule.hours].sort((a, b) => a - b)) {
      for (const minute of [...schedule.minutes].sort((a, b) => a - b)) {
        const atMs = startMs + hour * 3_600_000 + minute * 60_000;
        if (atMs > nowMs) return atMs;
      }
    }
  }
  return undefined;
}
