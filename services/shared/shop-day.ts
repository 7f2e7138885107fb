const formats = new Map<string, Intl.DateTimeFormat>();

/** The date at `ms` in a time zone, as `YYYY-MM-DD`: a shop's day begins at its own midnight. */
export function shopDay(ms: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    formats.set(timeZone, format);
  }
  const part = (type: string): string => format.formatToParts(ms).find((found) => found.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

let ownTimeZone: string | undefined;

/** The machine's own time zone, as it was when first asked for: to find it out takes as long as all else of a request. `UTC` on AWS. */
export function machineTimeZone(): string {
  ownTimeZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return ownTimeZone;
}
