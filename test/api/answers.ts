/** Watches every HTTP answer of a test file: each has to be what the OpenAPI document says of its route. */
import { blueprint, openApiDocument } from "@serverlesspresso/blueprint";
import { version } from "@serverlesspresso/commands";
import { problemTypes } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { afterAll, expect } from "vitest";
import { faultsOf } from "./json-schema.ts";

export interface Answers {
  /** Every answer so far as text: head and body. */
  readonly texts: readonly string[];
  /** The same, each with what was asked, `METHOD /path`. */
  readonly byCall: readonly { readonly call: string; readonly text: string }[];
  /** What was wrong with them. */
  readonly faults: readonly string[];
}

interface Described {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { description: string; content: Record<string, { schema: JsonObject }> }> }>
  >;
}

const document = openApiDocument(blueprint.routes, version);
const routes = blueprint.routes.map(({ method, path }) => ({
  method,
  path,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
}));

/** Call it once at the head of a test file. Ends with the file, which fails if any answer was not as described. */
export function watchAnswers(): Answers {
  const own = globalThis.fetch;
  const texts: string[] = [];
  const byCall: { call: string; text: string }[] = [];
  const faults: string[] = [];
  globalThis.fetch = async (input, init) => {
    const response = await own(input, init);
    const text = await response.clone().text();
    const method = init?.method ?? "GET";
    const path = new URL(String(input)).pathname;
    texts.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
    byCall.push({ call: `${method} ${path}`, text: texts.at(-1) ?? "" });
    faults.push(...faultsOfAnswer(method, path, response, text).map((fault) => `${method} ${path} ${response.status}: ${fault}`));
    return response;
  };
  afterAll(() => {
    globalThis.fetch = own;
    expect(faults).toEqual([]);
  });
  return { texts, byCall, faults };
}

/** Checks an answer that no route of the blueprint gave: a refusal must be a problem. */
function faultsOfAnswer(method: string, path: string, response: Response, text: string): string[] {
  const route = routes.find((one) => one.method === method && one.pattern.test(path));
  const type = response.headers.get("content-type") ?? "";
  if (route === undefined) return response.status < 400 || path === "/" || path === "/healthz" ? [] : problemFaults(response, type, text);
  const described = (document as unknown as Described).paths[route.path]?.[method.toLowerCase()]?.responses[response.status];
  if (described === undefined) return ["the document does not describe this status"];
  const content = described.content[type];
  if (content === undefined) return [`the document does not describe ${type}`];
  const faults = faultsOf(JSON.parse(text) as JsonValue, content.schema, document);
  return response.status < 400 ? faults : [...faults, ...problemFaults(response, type, text), ...unnamed(described.description, text)];
}

/** Each status is described with the problems that it may mean. */
function unnamed(description: string, text: string): string[] {
  const slug = (JSON.parse(text) as { type: string }).type.replace("urn:serverlesspresso:problem:", "");
  return description.split(", ").includes(slug) ? [] : [`the document does not name ${slug}`];
}

/** RFC 9457: the status is the answer's own, the type one of the bar's, the detail a sentence. */
function problemFaults(response: Response, type: string, text: string): string[] {
  if (type !== "application/problem+json") return [`a refusal as ${type}`];
  const { status, type: name, detail } = JSON.parse(text) as { status: number; type: string; detail: string };
  const known = problemTypes[name.replace("urn:serverlesspresso:problem:", "") as keyof typeof problemTypes];
  return [
    ...(known?.[0] === response.status && status === response.status ? [] : [`type ${name} says ${status}`]),
    ...(/^[^\s].*[.:a-z0-9"]/.test(detail) ? [] : [`detail "${detail}" is no sentence`]),
  ];
}
