import type { DashboardBlueprint } from "@serverlesspresso/blueprint";
import type { Metrics } from "@serverlesspresso/metrics";
import type { Transaction } from "@serverlesspresso/store";
import { applyOnce } from "./applied.ts";

/** Puts the blueprint's dashboard. */
export function putDashboard(tx: Transaction, metrics: Metrics, { name, body }: DashboardBlueprint): void {
  const request = { DashboardName: name, DashboardBody: JSON.stringify(body) };
  applyOnce(tx, "dashboard", name, request, () => metrics.execute(tx, "PutDashboard", request));
}
