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

/** The machine's own time zone; `UTC` on AWS. */
export function machineTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
