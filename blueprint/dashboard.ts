import { names } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

import { seedDrinks } from "./seed.ts";
import type { DashboardBlueprint } from "./types.ts";

const metric = (drink: string): JsonValue => [names.metricsNamespace, "Drink", "Drink", drink];

function widget(title: string, view: string, metrics: readonly JsonValue[], place: JsonObject): JsonObject {
  return { type: "metric", ...place, properties: { title, view, metrics, stat: "Sum", period: 300, region: "us-east-1" } };
}

/** The dashboard of SPEC section 2, as CloudWatch's own document. */
export const dashboard: DashboardBlueprint = {
  name: names.dashboard,
  body: {
    widgets: [
      widget("Total orders", "singleValue", [metric("Total Orders")], { x: 0, y: 0, width: 6, height: 6 }),
      widget("Orders over time", "timeSeries", [metric("Total Orders")], { x: 6, y: 0, width: 18, height: 6 }),
      widget(
        "Drinks",
        "timeSeries",
        seedDrinks.map(({ drink }) => metric(drink)),
        { x: 0, y: 6, width: 18, height: 6 },
      ),
      widget(
        "Share of drinks",
        "pie",
        seedDrinks.map(({ drink }) => metric(drink)),
        { x: 18, y: 6, width: 6, height: 6 },
      ),
    ],
  },
};
