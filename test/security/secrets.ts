/** What must not leave the house. */
import { join } from "node:path";
import { lintSource } from "@secretlint/core";
import { creator as recommended } from "@secretlint/secretlint-rule-preset-recommend";
import { root } from "../../tools/install.mjs";

/**
 * What a scan says of a text. Each scan of a process takes longer than the one before, so a suite scans many small texts or some large ones.
 * @param file from the repository's root
 */
export async function secretsIn(file: string, content: string): Promise<string[]> {
  const source = { filePath: join(root, file), content, contentType: "text" as const, ext: file.slice(file.lastIndexOf(".")) };
  const { messages } = await lintSource({
    source,
    options: { config: { rules: [{ id: "recommended", rule: recommended, rules: [] }] } },
  });
  return messages.map(({ message }) => `${file}: ${message}`);
}

/** What of a bundle leads to its sources, or is a test. */
export function leftBehind(bundle: string): string[] {
  return bundle.match(/sourceMappingURL=|\bvitest\b|[\w-]{1,60}\.test\.tsx?\b/g) ?? [];
}
