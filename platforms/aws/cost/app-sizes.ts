/** Measures what a phone loads of the built order app: its page and the files that the page leads to, without other languages. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** The files that a phone loads. */
export interface AppSizes {
  readonly files: number;
  /** Their size compressed with gzip, in bytes, without HTTP headers. */
  readonly bytes: number;
  /** False if the apps are not built: the sizes are then those of an earlier build. */
  readonly measured: boolean;
}

const earlier: AppSizes = { files: 22, bytes: 45_000, measured: false };
const otherLanguage = /\b(?:pt-br|es)-[\w-]+\.js$/;

/** Returns the sizes of the order app in the folder `dist`, or those of an earlier build if it is not built. */
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
