/** Documents whose commands are run as they are written. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "./server.ts";

const root = join(import.meta.dirname, "../..");

export interface Chapter {
  /** All blocks of a language, in order. */
  blocks(language: string): string[];
  /** Blocks of commands, each with what the block of text after it says that it shows. */
  readonly commands: readonly { readonly script: string; readonly shows: string | undefined }[];
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** @param path from the repository's root */
export function readChapter(path: string): Chapter {
  const fenced = [...readFileSync(join(root, path), "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
  const isScript = (at: number): boolean => fenced[at]?.language === "bash";
  return {
    blocks: (language) => fenced.filter((block) => block.language === language).map(({ text }) => text),
    commands: fenced.flatMap(({ text }, at) => {
      const next = fenced[at + 1];
      return isScript(at) ? [{ script: text, shows: next?.language === "text" ? next.text : undefined }] : [];
    }),
  };
}

/** Runs a command with the PATH of the tests' environment alone, and with the settings of `npm start`. */
export function runWith(
  server: Pick<Server, "url" | "dataFolder">,
  home: string,
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: home, PORT: new URL(server.url).port, DATA_DIR: server.dataFolder };
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd, env, encoding: "utf8", maxBuffer: 16 * 1024 * 1024 }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? 1, out, err }),
    );
  });
}
