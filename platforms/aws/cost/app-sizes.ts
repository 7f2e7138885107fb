/** What a phone loads of the built order app: its page, and all that the page leads to, but other languages. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface AppSizes {
  readonly files: number;
  /** Compressed, without headers. */
  readonly bytes: number;
  /** Where the apps are not built, the sizes of an earlier build. */
  readonly measured: boolean;
}

const earlier: AppSizes = { files: 22, bytes: 45_000, measured: false };
const otherLanguage = /\b(?:pt-br|es)-[\w-]+\.js$/;

export function orderAppSizes(dist: string): AppSizes {
  const page = join(dist, "order/index.html");
  if (!existsSync(page)) return earlier;
  const sizes = new Map<string, number>([[page, sizeOf(page)]]);
  const waiting = namesIn(readFileSync(page, "utf8"));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const path = join(dist, "assets", name);
    if (sizes.has(path) || otherLanguage.test(name) || !existsSync(path)) continue;
    sizes.set(path, sizeOf(path));
    if (name.endsWith(".js")) waiting.push(...namesIn(readFileSync(path, "utf8")));
  }
  // And settings.json.
  return { files: sizes.size + 1, bytes: [...sizes.values()].reduce((total, size) => total + size, 300), measured: true };
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/[\w-]+-[\w-]{8}\.(?:js|css|svg)/g)].map(([name]) => name);
}

function sizeOf(path: string): number {
  return gzipSync(readFileSync(path)).length;
}
