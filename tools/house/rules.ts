/**
 * Rules: the numbered sentences at the heads of files (` * V3. A message …`), and where comments and test names cite them.
 *
 * RL1. A package declares each label once.
 * RL2. Within the package a label is cited bare: `V3`. Elsewhere with the package: `topics.V3`.
 * RL3. Where a file of another package has cited one in full, that package's other labels of the same letters may follow bare.
 * RL4. Tests cite what a document demands by the document's own labels: `I5`, `X3` of `docs/reliability.md`.
 */
import { commentsOf, type Passage, testNamesOf } from "./comments.ts";
import { isForTests, textOf } from "./sources.ts";

/** Label to the files that declare it, by package. */
export type Rules = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** A rule cited by a file. */
export interface Citation {
  readonly file: string;
  readonly line: number;
  /** As it stands there: `V3`, `topics.V3`. */
  readonly cited: string;
}

/** The package by whose name a file's rules are cited: `event-bus`, `local`, `services`, `test/api`. */
export function packageNameOf(file: string): string {
  const [area = "", name = ""] = file.split("/");
  if (["packages", "platforms", "apps"].includes(area)) return name;
  return area === "test" && !name.endsWith(".ts") ? `${area}/${name}` : area;
}

/** Returns what the heads of the files declare. */
export function declaredRules(files: readonly string[]): Rules {
  const rules = new Map<string, Map<string, string[]>>();
  for (const file of files) {
    const name = packageNameOf(file);
    const labels = rules.get(name) ?? new Map<string, string[]>();
    rules.set(name, labels);
    for (const [, label = ""] of textOf(file).matchAll(/^ \* ([A-Z]{1,2}\d{1,2})\. /gm))
      labels.set(label, [...(labels.get(label) ?? []), file]);
  }
  return rules;
}

/** Names of the world that look like labels. */
const notLabels = /^(?:S3|EC2|MD5|V4)$/;
const citation = /(?<![\w$./#%-])(?:([a-z][a-z-]*)\.)?([A-Z]{1,2}\d{1,2})(?![\w%-]|\.\w)/g;

/** Returns the citations of a file that name no rule. `ofDocuments`: labels that documents declare. */
export function danglingIn(file: string, text: string, rules: Rules, ofDocuments: ReadonlySet<string>): Citation[] {
  const own = rules.get(packageNameOf(file));
  const borrowed = new Map<string, string>();
  const isKnown = (from: string | undefined, label: string): boolean => {
    if (from !== undefined) {
      borrowed.set(lettersOf(label), from);
      return rules.get(from)?.has(label) ?? false;
    }
    if (own?.has(label) || notLabels.test(label) || (isForTests(file) && ofDocuments.has(label))) return true;
    return rules.get(borrowed.get(lettersOf(label)) ?? "")?.has(label) ?? false;
  };
  const passages: Passage[] = [...commentsOf(file, text), ...testNamesOf(file, text)];
  return passages
    .sort((a, b) => a.line - b.line)
    .flatMap(({ text: said, line }) =>
      [...said.replaceAll(/`[^`\n]*`/g, "").matchAll(citation)].flatMap(([cited, from, label = ""]) =>
        isKnown(from, label) ? [] : [{ file, line, cited }],
      ),
    );
}

const lettersOf = (label: string): string => label.replace(/\d+$/, "");
