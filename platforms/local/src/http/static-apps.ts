import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { matchesNoneMatch } from "@serverlesspresso/blueprint/edge/if-none-match.ts";
import { pageHeaders, transportSecurity } from "./security-headers.ts";

const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
};

interface StaticFile {
  readonly bytes: Buffer;
  readonly zipped: Buffer | undefined;
  readonly type: string;
  readonly etag: string;
  /** Named after its content, so it never changes. */
  readonly isHashed: boolean;
}

/** The built apps, read once: a path that was not there at the start is not there. */
export interface StaticApps {
  /** Returns the answer to a GET or HEAD of `path` under the name `host`, or undefined if no file has it. */
  respond(request: Request, path: string, host: string): Response | undefined;
}

/**
 * @param folder Vite's output: pages as `NAME/index.html`, the rest under `assets/`
 * @param backends other origins that the pages may call, besides the one they came from
 * @param certificate ours in PEM, where we serve HTTPS
 */
export function openStaticApps(folder: string, backends: readonly string[] = [], certificate?: string): StaticApps {
  const secured = transportSecurity(certificate);
  const headersOfPage = (host: string): Record<string, string> => ({ ...pageHeaders(host, backends), ...secured });
  const files = new Map<string, StaticFile>();
  const pages = new Set<string>();
  if (existsSync(folder)) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      const path = file.slice(folder.length).replaceAll("\\", "/");
      const type = mediaTypes[extname(entry.name)];
      if (!entry.isFile() || type === undefined || path.includes("/.")) continue;
      if (entry.name === "index.html") pages.add(path.slice(0, -"/index.html".length));
      files.set(path.replace(/\/index\.html$/, "/"), readStatic(file, path, type));
    }
  }

  return {
    respond(request, path, host) {
      if (pages.has(path)) {
        // Relative: behind a proxy we do not stand at the root.
        const location = `${path.slice(path.lastIndexOf("/") + 1)}/${new URL(request.url).search}`;
        return new Response(null, { status: 308, headers: { location } });
      }
      const file = files.get(path);
      return file === undefined ? undefined : respondWith(file, request, file.type.startsWith("text/html") ? headersOfPage(host) : {});
    },
  };
}

function readStatic(file: string, path: string, type: string): StaticFile {
  const bytes = readFileSync(file);
  const zipped = /^(text|application\/j|image\/svg)/.test(type) && bytes.length > 500 ? gzipSync(bytes, { level: 9 }) : undefined;
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  return { bytes, zipped, type, etag, isHashed: /^\/assets\/.*-[\w-]{8}\.\w+$/.test(path) };
}

function respondWith(file: StaticFile, request: Request, more: Readonly<Record<string, string>>): Response {
  const headers: Record<string, string> = {
    "content-type": file.type,
    etag: file.etag,
    "cache-control": file.isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    ...(file.zipped === undefined ? {} : { vary: "accept-encoding" }),
    ...more,
  };
  if (matchesNoneMatch(request.headers.get("if-none-match"), file.etag)) return new Response(null, { status: 304, headers });
  const isZipped = file.zipped !== undefined && /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
  const body = isZipped ? (file.zipped as Buffer) : file.bytes;
  if (isZipped) headers["content-encoding"] = "gzip";
  headers["content-length"] = String(body.length);
  return new Response(request.method === "HEAD" ? null : new Uint8Array(body), { headers });
}
