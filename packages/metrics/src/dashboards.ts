/** Dashboards: named JSON documents in CloudWatch's own shape. */
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import { MetricsError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";

/** A dashboard; `body` is its JSON text. */
export interface Dashboard {
  readonly name: string;
  readonly body: string;
  readonly modifiedMs: number;
}

const dashboardKey = (name: string): Key => kinds.dashboards.key(name);

/** @throws {MetricsError} `DashboardInvalidInputError` where the body is no JSON object */
export function putDashboard(tx: Transaction, dashboard: Dashboard): void {
  let body: unknown;
  try {
    body = JSON.parse(dashboard.body);
  } catch {
    body = undefined;
  }
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw new MetricsError("DashboardInvalidInputError", "The field DashboardBody must be a valid JSON object");
  }
  if (tx.get<Dashboard>(dashboardKey(dashboard.name))?.body !== dashboard.body) tx.put(dashboardKey(dashboard.name), dashboard);
}

/** Returns a dashboard. @throws {MetricsError} `DashboardNotFoundError` */
export function getDashboard(view: ReadView, name: string): Dashboard {
  const found = view.get<Dashboard>(dashboardKey(name));
  if (found === undefined) throw new MetricsError("DashboardNotFoundError", `Dashboard ${name} does not exist`);
  return found;
}

/** Returns every dashboard in the order of their names. */
export const listDashboards = (view: ReadView): Dashboard[] =>
  view.scan<Dashboard>(kinds.dashboards.range()).map(([, dashboard]) => dashboard);

/** Deletes a dashboard. @throws {MetricsError} `DashboardNotFoundError` */
export function deleteDashboard(tx: Transaction, name: string): void {
  getDashboard(tx, name);
  tx.delete(dashboardKey(name));
}
