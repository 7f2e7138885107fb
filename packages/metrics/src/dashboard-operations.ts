/** CloudWatch's operations on dashboards. */
import { deleteDashboard, getDashboard, listDashboards, putDashboard } from "./dashboards.ts";
import { type MetricsEngine, read, write } from "./engine.ts";
import { requests } from "./requests.ts";

/** Those that put, read, list and delete dashboards. */
export const dashboardOperations = {
  GetDashboard: read(requests.oneDashboard, (engine, view, { DashboardName }) => {
    const { name, body } = getDashboard(view, DashboardName);
    return { DashboardName: name, DashboardArn: arnOf(engine, name), DashboardBody: body };
  }),
  ListDashboards: read(requests.listDashboards, (engine, view, { DashboardNamePrefix = "" }) => {
    const found = listDashboards(view).filter(({ name }) => name.startsWith(DashboardNamePrefix));
    return {
      DashboardEntries: found.map(({ name, body, modifiedMs }) => {
        return { DashboardName: name, DashboardArn: arnOf(engine, name), LastModified: modifiedMs / 1000, Size: Buffer.byteLength(body) };
      }),
    };
  }),
  PutDashboard: write(requests.putDashboard, ({ clock }, tx, { DashboardName: name, DashboardBody: body }) => {
    putDashboard(tx, { name, body, modifiedMs: clock.nowMs() });
    return { DashboardValidationMessages: [] };
  }),
  DeleteDashboards: write(requests.dashboards, (_engine, tx, { DashboardNames }) => {
    for (const name of DashboardNames) deleteDashboard(tx, name);
    return {};
  }),
};

function arnOf({ account }: MetricsEngine, name: string): string {
  return `arn:aws:cloudwatch::${account}:dashboard/${name}`;
}
