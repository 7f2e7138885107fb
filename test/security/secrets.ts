/** What must not leave the house. */
import { join } from "node:path";
import { lintSource } from "@secretlint/core";
import { creator as recommended } from "@secretlint/secretlint-rule-preset-recommend";
import { vi } from "vitest";
import { root } from "../../tools/install.mjs";

// The scanner marks the time at every step, and looks through all marks so far for each: minutes, after a thousand texts.
vi.spyOn(performance, "mark").mockReturnValue(performance.mark("the only one"));

/**
 * What a scan says of a text.
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
