/**
 * What a bundle leaves out, because nothing in it is ever called.
 *
 * B5. Of its service a bundle holds the one function's handler; a bundle of the platform's own functions holds none.
 * B6. Zod's JSON Schema stays behind: only the OpenAPI document needs it, and no function writes that. So do the SDK's event streams: no
 *     operation that a function calls answers with one.
 */
import { fileURLToPath } from "node:url";
import type { Service } from "@serverlesspresso/services/declaration.ts";
import type { Plugin } from "rolldown";
import { parseAst } from "rolldown/parseAst";

/** Returns the plugin that leaves it out. @param shortName of the function whose handler stays */
export function leanBundle(services: readonly Service[], shortName: string | undefined): Plugin {
  const modules = new Set(services.map(({ module }) => fileURLToPath(module)));
  return {
    name: "serverlesspresso-lean",
    transform(code, id) {
      if (modules.has(id)) return { code: withFunction(code, shortName), map: null };
      return neverCalled.test(id) ? { code: emptyOf(code), map: null } : null;
    },
  };
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
interface Property extends Node {
  readonly key: Node & { readonly name?: string; readonly value?: unknown };
  readonly value: Node & { readonly properties?: readonly Property[] };
}

/** The text of a service's module with one property of its `functions` (B5). */
function withFunction(code: string, shortName: string | undefined): string {
  const functions = find(parseAst(code, { lang: "ts" }), (node): node is Property => isProperty(node) && nameOf(node) === "functions");
  const others = (functions?.value.properties ?? []).filter((one) => isProperty(one) && nameOf(one) !== shortName);
  // From the end, so that what stands before keeps its place.
  return others.toReversed().reduce((text, { start, end }) => text.slice(0, start) + text.slice(end).replace(/^\s*,/, ""), code);
}

const isProperty = (node: Node): node is Property => node.type === "Property";
const nameOf = ({ key }: Property): unknown => key.name ?? key.value;

function find<Found extends Node>(value: unknown, isWanted: (node: Node) => node is Found & Node): Found | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if ("type" in value && isWanted(value as Node)) return value as Found;
  for (const inner of Object.values(value)) {
    const found = find(inner, isWanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** B6. */
const neverCalled =
  /\/zod\/v4\/core\/(to-json-schema|json-schema-processors|json-schema-generator)\.js$|\/@smithy\/core\/dist-es\/submodules\/event-streams\/.*(?<!index)\.js$/;

/** A module with the same exports, all of which do nothing. */
function emptyOf(code: string): string {
  const names = [...code.matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, name]) => name);
  return names.map((name) => `export const ${name} = () => undefined;`).join("\n");
}
