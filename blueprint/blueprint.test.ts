/** What the parts of the blueprint say of one another holds together. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configSentences, problemType, problemTypes } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compile } from "@serverlesspresso/states-language";
import { describe, expect, test } from "vitest";
import { blueprint, fillDefinition, openApiDocument, parseRequest, type RouteBlueprint } from "./index.ts";

const functionNames = blueprint.functions.map(({ name }) => name);
const queueNames = blueprint.queues.map(({ name }) => name);
const workflowNames = blueprint.workflows.map(({ name }) => name);
const textOf = (file: string): string => readFileSync(join(import.meta.dirname, file), "utf8");

/** Every object in a JSON value. */
function* objects(value: JsonValue): Generator<JsonObject> {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield value as JsonObject;
  for (const inner of Object.values(value)) yield* objects(inner as JsonValue);
}

test("names are unique, and what is named exists", () => {
  const kinds = [
    functionNames,
    queueNames,
    workflowNames,
    blueprint.tables.map(({ name }) => name),
    blueprint.rules.map(({ name }) => name),
  ];
  for (const names of kinds) expect(new Set(names).size).toBe(names.length);
  for (const { targets, deadLetterQueue } of blueprint.rules) {
    expect(queueNames).toContain(deadLetterQueue);
    for (const target of targets) {
      const known = {
        function: functionNames,
        workflow: workflowNames,
        queue: queueNames,
        logGroup: blueprint.logGroups.map(({ name }) => name),
      };
      expect(known[target.kind]).toContain(target.name);
    }
  }
  for (const { consumer, deadLetter } of blueprint.queues) {
    if (consumer) expect(functionNames).toContain(consumer.function);
    if (deadLetter) expect(queueNames).toContain(deadLetter.queue);
  }
  for (const { function: name, tableName, deadLetterQueue } of blueprint.deadlines) {
    expect(functionNames).toContain(name);
    expect(queueNames).toContain(deadLetterQueue);
    // What changes the item reaches the local platform by the table's stream.
    expect(blueprint.tables.find((table) => table.name === tableName)?.stream).toBeDefined();
  }
  for (const { stream = [] } of blueprint.tables) for (const one of stream) expect(functionNames).toContain(one.function);
  for (const { rateLimit } of blueprint.routes) expect(blueprint.rateLimits.map((limit) => limit.class)).toContain(rateLimit);
});

test("every function is fed by something or called by hand", () => {
  const text = JSON.stringify([
    blueprint.rules,
    blueprint.deadlines,
    blueprint.queues,
    blueprint.tables,
    blueprint.routes,
    blueprint.workflows,
  ]);
  const byHand = functionNames.filter((name) => !text.includes(`"${name}"`));
  expect(byHand).toEqual(["GetOrderCount", "EventsLoadTest"]);
});

describe.each(blueprint.workflows)("$name", (workflow) => {
  const text = textOf(workflow.file);
  const definition = fillDefinition(workflow, text, ({ name }) => name) as JsonObject;

  test("compiles", () => {
    expect(() => compile(definition)).not.toThrow();
  });

  test("uses every substitution, and no other", () => {
    const used = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    expect([...used].toSorted()).toEqual(Object.keys(workflow.substitutions).toSorted());
  });

  test("answers the API's own problems, with their statuses", () => {
    for (const { problem } of objects(definition)) {
      const { type, title, status } = (problem ?? {}) as JsonObject;
      if (type === undefined) continue;
      const known = Object.entries(problemTypes).find(([slug]) => problemType(slug as keyof typeof problemTypes) === type);
      expect({ type, title, status }).toEqual({ type, title: known?.[1][1], status: known?.[1][0] });
    }
  });

  test("retries what the services say may be tried again, before anything else", () => {
    for (const state of objects(definition)) {
      if (typeof state.Resource === "string" && /putEvents|dynamodb:(getItem|updateItem|transactWriteItems)/.test(state.Resource)) {
        expect(state.Retry, JSON.stringify(state)).toBeDefined();
      }
    }
  });
});

test("a name without a substitution is refused", () => {
  const [workflow] = blueprint.workflows;
  expect(() => fillDefinition(workflow as never, JSON.stringify(`$\{Nobody}`), ({ name }) => name)).toThrow(/no substitution for .*Nobody/);
});

test("the state names of the order processor are those of its specification", () => {
  const { States } = JSON.parse(textOf("workflows/order-processor.asl.json")) as { readonly States: JsonObject };
  expect(Object.keys(States)).toEqual(
    expect.arrayContaining([
      "DynamoDB Get Shop Status",
      "Shop Open?",
      "ListExecutions",
      "Is capacity available?",
      "Emit - Workflow Started TT",
      "Generate Order Number",
      "Emit - Awaiting Completion TT",
      "Emit - order finished",
      "Emit - error timeout",
      "Emit - Shop not ready",
      "Customer timedout",
      "Barista timedout",
    ]),
  );
});

describe("the OpenAPI document", () => {
  const document = openApiDocument(blueprint.routes, "1.2.3") as {
    readonly openapi: string;
    readonly info: JsonObject;
    readonly paths: Record<string, Record<string, JsonObject>>;
  };

  test("has every route, its success and its problems", () => {
    expect([document.openapi, document.info.version]).toEqual(["3.1.0", "1.2.3"]);
    for (const route of blueprint.routes) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()] as JsonObject;
      const responses = operation.responses as JsonObject;
      expect(operation.operationId).toBe(route.operationId);
      expect(Object.keys(responses)).toContain(String(route.success.status));
      for (const slug of route.problems)
        expect(Object.keys(responses)).toContain(String(problemTypes[slug as keyof typeof problemTypes][0]));
      const proof = route.who === "public" ? route.bearer : "accessToken";
      expect(operation.security).toEqual(proof === undefined ? [] : [{ [proof]: [] }]);
    }
  });

  test("has a sentence for each limit", () => {
    const body = JSON.stringify(document.paths["/config"]?.put?.requestBody);
    for (const sentence of Object.values(configSentences)) expect(body).toContain(`"description":${JSON.stringify(sentence)}`);
  });

  test("is JSON without loose ends", () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to);
    expect(new Set(references)).toEqual(new Set(["#/components/schemas/Problem"]));
  });
});

describe("the edge", () => {
  const route = (operationId: string): RouteBlueprint => blueprint.routes.find((one) => one.operationId === operationId) as RouteBlueprint;
  const request = { pathParameters: {}, query: {}, body: undefined };

  test("fills in what was left out, and hands on text", () => {
    expect(parseRequest(route("getOrders"), request)).toEqual({
      request: { pathParameters: {}, queryStringParameters: { maxItems: "50" }, body: {} },
    });
  });

  test.each([
    { of: "getOrders", raw: { query: { maxItems: "0" } }, status: 400 },
    { of: "getOrders", raw: { query: { maxItems: "1e9" } }, status: 400 },
    { of: "getOrders", raw: { query: { state: "DRUNK" } }, status: 400 },
    { of: "getMyOrders", raw: { query: { userId: "eve" } }, status: 400 },
    { of: "getOrder", raw: { pathParameters: { id: "../x" } }, status: 404 },
    { of: "actOnOrder", raw: { pathParameters: { id: "1" }, body: { drink: 7 } }, status: 422 },
    { of: "actOnOrder", raw: { pathParameters: { id: "1" }, body: [] }, status: 422 },
    { of: "spendToken", raw: {}, status: 400 },
    { of: "signInAsGuest", raw: { body: { name: " \u200b " } }, status: 422 },
  ])("refuses $raw of $of with $status", ({ of, raw, status }) => {
    expect(parseRequest(route(of), { ...request, ...raw } as Parameters<typeof parseRequest>[1])).toMatchObject({ problem: { status } });
  });

  test("cleans the lines people write", () => {
    const raw = { ...request, body: { name: "  A\u202eda\u0000\u{e0041} \n L. " } };
    expect(parseRequest(route("signInAsGuest"), raw)).toMatchObject({ request: { body: { name: "A da L." } } });
  });
});
