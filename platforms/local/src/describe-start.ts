import { join, resolve } from "node:path";
import { firstBar } from "@serverlesspresso/contract";
import type { FirstAdmin } from "@serverlesspresso/identity";
import { renderUnicodeCompact } from "uqr";
import { credentialsFile } from "./aws/credentials.ts";
import type { Platform } from "./platform.ts";
import type { Settings, Wire } from "./settings.ts";
import { describeSpan } from "./shop-clock.ts";

const apps = [
  ["Order app", "order"],
  ["Barista app", "barista"],
  ["Display", "display"],
  ["Console", "console"],
] as const;

const wireReach: Readonly<Record<Wire, string>> = {
  local: "Signed calls are answered from this machine alone; --wire lan opens them to the network.",
  lan: "Signed calls are answered from every machine on the network that has the key.",
};

/** What the terminal shows once the shop is open: addresses, the first admin's password, the way in for a phone. */
export function describeStart({ url, port, hosts, firstAdmin, aheadMs }: Platform, settings: Settings): string {
  const scheme = new URL(url).protocol;
  const reachable = hosts.reachable.map((address) => `${scheme}//${address}:${port}`);
  const phones = reachable[0] ?? url;
  const lines = [
    "Serverlesspresso is open.",
    "",
    ...apps.map(([name, path]) => row(name, `${url}/${path}/`)),
    ...reachable.map((address) => row("On the network", `${address}/order/  /barista/  /display/  /console/`)),
    ...(settings.names.bar === firstBar ? [] : [row("Bar", settings.names.bar)]),
    row("Data", resolve(settings.dataFolder)),
    row("AWS tools", `${url}   with the key in ${join(resolve(settings.dataFolder), credentialsFile)}; see docs/aws-tools.md`),
    ...(reachable.length > 0 ? [row("", wireReach[settings.wire])] : []),
    ...(settings.clockRate === 1 ? [] : [row("Clock", `${settings.clockRate} times as fast`)]),
    ...describeAhead(aheadMs, settings.clockRate),
    ...(settings.robots === 0 ? [] : [row("Robots", `${settings.robots} play guests and baristas`)]),
    ...(firstAdmin === undefined
      ? []
      : ["", row("First admin", firstAdmin.email), row("Password", describePassword(firstAdmin, settings))]),
    "",
    ...(reachable.length === 0 ? [describeReach(settings), ""] : []),
    renderUnicodeCompact(`${phones}/order/`, { border: 2 })
      .split("\n")
      .map((line) => `  ${line}`)
      .join("\n"),
    `  ${phones}/order/`,
    "",
    "  Ctrl-C stops the shop.",
    "",
  ];
  return `${lines.join("\n")}\n`;
}

/** Where the bar listens on loopback alone. What a proxy on this machine lets through is not for the bar to know. */
function describeReach({ trustedProxies }: Settings): string {
  if (trustedProxies.length === 0) return "  This machine alone can reach it; --host 0.0.0.0 opens it to the phones in the room.";
  const named = trustedProxies.join(", ");
  return `  This machine alone can reach it directly. A proxy on it (--trust-proxy ${named}) opens it to everyone who can reach the proxy.`;
}

/** One that we made is shown; what the operator chose has no place in what may be kept as a log. */
function describePassword({ password }: FirstAdmin, { adminPassword }: Settings): string {
  return adminPassword === undefined ? `${password}   (shown only now; keep it)` : "the one in ADMIN_PASSWORD";
}

/** A folder whose time is ahead of the machine's says so, and how to go on. */
function describeAhead(aheadMs: number, clockRate: number): string[] {
  if (aheadMs < 1000 || clockRate !== 1) return [];
  return [
    row("Shop time", `${describeSpan(aheadMs)} ahead of this machine's clock: this folder ran faster before, or the clock was set back.`),
    row("", "It goes on from there, 7 s an hour slower than the machine. For the machine's time at once, start with another"),
    row("", `--data folder, or keep the shop stopped for ${describeSpan(aheadMs)}.`),
  ];
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(15)}${value}`;
}
