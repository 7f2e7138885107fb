/**
 * What is kept of many values: count, sum, extremes, and a sketch for percentiles.
 *
 * T1. Merging is exact for count, sum and extremes; a percentile is within about one percent of a value that was put.
 */

/** `buckets` counts values by the logarithm of their size: `p120` for positive ones, `n120` for negative ones, `z` for zeros. */
export interface Statistics {
  readonly n: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly buckets: Readonly<Record<string, number>>;
}

const base = 1.02;

/** The statistics of one value that came `count` times. */
export function single(given: number, count = 1): Statistics {
  const value = given + 0; // -0 is 0, as it is for AWS and once it is stored
  return { n: count, sum: value * count, min: value, max: value, buckets: { [bucketOf(value)]: count } };
}

function bucketOf(value: number): string {
  if (value === 0) return "z";
  return `${value < 0 ? "n" : "p"}${Math.round(Math.log(Math.abs(value)) / Math.log(base))}`;
}

/** Returns the statistics of both sets of values together. */
export function merge(a: Statistics | undefined, b: Statistics): Statistics {
  if (a === undefined) return b;
  const buckets: Record<string, number> = { ...a.buckets };
  for (const [bucket, count] of Object.entries(b.buckets)) buckets[bucket] = (buckets[bucket] ?? 0) + count;
  return { n: a.n + b.n, sum: a.sum + b.sum, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), buckets };
}

const named: Readonly<Record<string, (statistics: Statistics) => number>> = {
  SampleCount: ({ n }) => n,
  Sum: ({ sum }) => sum,
  Average: ({ n, sum }) => sum / n,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

/** A statistic by CloudWatch's name, `Sum` or `p90`; undefined where there is no such. */
export function statistic(statistics: Statistics, name: string): number | undefined {
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent !== undefined) return percentile(statistics, Number(percent));
  return Object.hasOwn(named, name) ? named[name]?.(statistics) : undefined;
}

/** @param percent from 0 to 100 */
function percentile({ n, min, max, buckets }: Statistics, percent: number): number {
  const ordered = Object.entries(buckets)
    .map(([bucket, count]) => ({ value: middleOf(bucket), count }))
    .sort((a, b) => a.value - b.value);
  let left = Math.max(1, Math.ceil((percent / 100) * n));
  for (const { value, count } of ordered) {
    left -= count;
    if (left <= 0) return Math.min(max, Math.max(min, value));
  }
  return max;
}

function middleOf(bucket: string): number {
  if (bucket === "z") return 0;
  const size = base ** Number(bucket.slice(1));
  return bucket.startsWith("n") ? -size : size;
}
