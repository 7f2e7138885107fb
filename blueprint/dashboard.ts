import type { Names } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { seedDrinks } from "@serverlesspresso/services/config/seed.ts";
import type { DashboardBlueprint } from "./types.ts";

/** The dashboard of docs/spec.md section 2, as CloudWatch's own document. */
export function dashboardOf({ dashboard, metricsNamespace }: Names): DashboardBlueprint {
  const metric = (drink: string): JsonValue => [metricsNamespace, "Drink", "Drink", drink];
  const total = [metric("Total Orders")];
  const drinks = seedDrinks.map(({ drink }) => metric(drink));
  return {
    name: dashboard,
    body: {
      widgets: [
        widget("Total orders", "singleValue", total, { x: 0, y: 0, width: 6, height: 6 }),
        widget("Orders over time", "timeSeries", total, { x: 6, y: 0, width: 18, height: 6 }),
        widget("Drinks", "timeSeries", drinks, { x: 0, y: 6, width: 18, height: 6 }),
        widget("Share of drinks", "pie", drinks, { x: 18, y: 6, width: 6, height: 6 }),
      ],
    },
  };
}

function widget(title: string, view: string, metrics: readonly JsonValue[], place: JsonObject): JsonObject {
  return { type: "metric", ...place, properties: { title, view, metrics, stat: "Sum", period: 300, region: "us-east-1" } };
}
