/** CloudWatch's operations on dashboards. */
import { z } from "zod";
import { deleteDashboard, getDashboard, listDashboards, putDashboard } from "./dashboards.ts";
import { list, type MetricsEngine, read, write } from "./engine.ts";
import { Name } from "./request.ts";

const PutDashboard = z.object({ DashboardName: z.string().regex(/^[\w-]{1,255}$/), DashboardBody: z.string() });
const GetDashboard = z.object({ DashboardName: Name });
const DeleteDashboards = z.object({ DashboardNames: z.array(Name) });
const ListDashboards = z.object({ DashboardNamePrefix: Name.optional(), NextToken: z.string().optional() });

/** Those that put, read, list and delete dashboards. */
export const dashboardOperations = {
  GetDashboard: read(GetDashboard, (engine, view, { DashboardName }) => {
    const { name, body } = getDashboard(view, DashboardName);
    return { DashboardName: name, DashboardArn: arnOf(engine, name), DashboardBody: body };
  }),
  ListDashboards: list(
    ListDashboards,
    (engine, view, { DashboardNamePrefix = "" }, page) => {
      const { items, next } = page.cut(listDashboards(view).filter(({ name }) => name.startsWith(DashboardNamePrefix)));
      const DashboardEntries = items.map(({ name, body, modifiedMs }) => {
        return { DashboardName: name, DashboardArn: arnOf(engine, name), LastModified: modifiedMs / 1000, Size: Buffer.byteLength(body) };
      });
      return { DashboardEntries, ...next };
    },
    { paging: { most: 1_000 } },
  ),
  PutDashboard: write(PutDashboard, ({ clock }, tx, { DashboardName: name, DashboardBody: body }) => {
    putDashboard(tx, { name, body, modifiedMs: clock.nowMs() });
    return { DashboardValidationMessages: [] };
  }),
  DeleteDashboards: write(DeleteDashboards, (_engine, tx, { DashboardNames }) => {
    for (const name of DashboardNames) deleteDashboard(tx, name);
    return {};
  }),
};

function arnOf({ account }: MetricsEngine, name: string): string {
  return `arn:aws:cloudwatch::${account}:dashboard/${name}`;
}
