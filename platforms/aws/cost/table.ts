import type { Bill, Line } from "./bill.ts";
import { peakFactor, quotas, type Rate } from "./rates.ts";

/** Returns lines of columns as wide as their widest cell: the first aligned left, the others right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

/** Returns US$ with four decimal places below 0.0995, three below 1, two below 999.5, and none from there on. */
export function formatUsd(usd: number): string {
  if (usd === 0) return "0";
  if (usd < 0.00005) return "<0.0001";
  return usd.toLocaleString("en-US", places(usd < 0.0995 ? 4 : usd < 1 ? 3 : usd < 999.5 ? 2 : 0));
}

/** Returns an amount as a whole number from 100 on, and below with three significant digits. */
export function formatAmount(amount: number): string {
  return amount.toLocaleString("en-US", amount >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

function places(count: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: count, maximumFractionDigits: count };
}

/** Returns a table in US$ per day: a row for each service, a column for each bill. */
export function formatBills(bills: readonly Bill[]): string {
  const services = [...new Set(bills.flatMap(({ lines }) => lines.map(({ service }) => service)))];
  const usdOf = ({ lines }: Bill, service: string): number => sumOf(lines.filter((line) => line.service === service));
  const heads = [
    ["guests a day", ...bills.map(({ guests }) => guests.toLocaleString("en-US"))],
    ["free tier", ...bills.map(({ withFree }) => (withFree ? "with" : "without"))],
  ];
  const rows = services.map((service) => [service, ...bills.map((bill) => formatUsd(usdOf(bill, service)))]);
  const totals = [
    ["total, US$ a day", ...bills.map(({ usd }) => formatUsd(usd))],
    ["  of that fixed", ...bills.map(({ fixedUsd }) => formatUsd(fixedUsd))],
    ["  for each guest", ...bills.map(({ usd, fixedUsd, guests }) => formatUsd(guests === 0 ? 0 : (usd - fixedUsd) / guests))],
  ];
  return formatTable([...heads, ...rows, ...totals]);
}

/** Returns the most expensive lines of a bill, the highest cost first. */
export function formatLines({ lines, usd }: Bill): string {
  const dearest = lines.filter((line) => line.usd > 0).toSorted((a, b) => b.usd - a.usd);
  return formatTable([
    ["line", "amount a day", "US$ a day", "share"],
    ...dearest.map((line) => [
      `${line.service}: ${line.what}`,
      formatAmount(line.amount),
      formatUsd(line.usd),
      `${((line.usd / usd) * 100).toFixed(1)} %`,
    ]),
  ]);
}

/** Returns a table with a row for each rate: AWS's quota, and how many orders per second it allows. */
export function formatRates(rates: readonly Rate[]): string {
  return formatTable([
    ["a second", "per order", "average", `peak ×${peakFactor}`, "granted", "used at peak", "orders/s at most"],
    ...rates.map(({ quota, where, perOrder, average, peak, ordersAtQuota }) => [
      `${quotas[quota].what}: ${where}`,
      formatAmount(perOrder),
      formatAmount(average),
      formatAmount(peak),
      formatAmount(quotas[quota].perSecond),
      `${formatAmount((peak / quotas[quota].perSecond) * 100)} %`,
      formatAmount(ordersAtQuota),
    ]),
  ]);
}

function sumOf(lines: readonly Line[]): number {
  return lines.reduce((total, { usd }) => total + usd, 0);
}
