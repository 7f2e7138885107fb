/** The dashboard's body: CloudFormation takes any text for it. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compare, type Deployment, type Finding, listOf, objectAt } from "./deployment.ts";

const columns = 24;

/** It is JSON, its widgets can be drawn, and they are the blueprint's. */
export function checkDashboard(deployment: Deployment, { dashboard }: Blueprint): Finding[] {
  const found = deployment.all("AWS::CloudWatch::Dashboard").find(({ properties }) => properties.DashboardName === dashboard.name);
  if (found === undefined) return [{ where: `dashboard ${dashboard.name}`, what: "is not there" }];
  const body = parse(String(found.properties.DashboardBody));
  if (body === undefined) return [{ where: `dashboard ${dashboard.name}`, what: "is no JSON" }];
  return [
    ...compare(`dashboard ${dashboard.name}`, "body", dashboard.body, body),
    ...listOf<JsonObject>(objectAt(body).widgets).flatMap((widget, at) => ofWidget(`widget ${at}`, widget)),
  ];
}

function ofWidget(where: string, { type, x, y, width, height, properties }: JsonObject): Finding[] {
  const { metrics, view, region } = objectAt(properties);
  const isPlaced = [x, y, width, height].every((one) => Number.isInteger(one)) && Number(x) + Number(width) <= columns;
  const isDrawn = listOf(metrics).length > 0 && listOf<JsonValue>(metrics).every((metric) => listOf(metric).length % 2 === 0);
  return [
    ...(type === "metric" ? [] : [{ where, what: `is of type ${String(type)}` }]),
    ...(isPlaced ? [] : [{ where, what: "has no place on the page" }]),
    ...(isDrawn ? [] : [{ where, what: "shows no metric" }]),
    ...(["singleValue", "timeSeries", "pie", "bar", "gauge"].includes(String(view))
      ? []
      : [{ where, what: `is drawn as ${String(view)}` }]),
    ...(typeof region === "string" ? [] : [{ where, what: "has no region" }]),
  ];
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
