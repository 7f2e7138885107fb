/** On which line of a definition's text a finding's location stands. */

interface Container {
  readonly path: string;
  /** The member being read, or the element. */
  at: string | number | undefined;
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Lines by location (`/States/Wait/Seconds`, `/States/Both/Branches[0]`). @param text is JSON */
export function readLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>([["", 1]]);
  const around: Container[] = [];
  let [line, from] = [1, 0];
  for (const { 0: word, index } of text.matchAll(token)) {
    line += text.slice(from, index).split("\n").length - 1;
    from = index;
    const container = around.at(-1);
    if (word === "}" || word === "]") around.pop();
    else if (word === ",") next(container);
    else if (word !== ":") begin(word, container);
  }
  return lines;

  function next(container: Container | undefined): void {
    if (container !== undefined) container.at = typeof container.at === "number" ? container.at + 1 : undefined;
  }

  function begin(word: string, container: Container | undefined): void {
    if (container !== undefined && container.at === undefined) {
      container.at = JSON.parse(word) as string;
      lines.set(pathIn(container), line);
      return;
    }
    const path = container === undefined ? "" : pathIn(container);
    if (!lines.has(path)) lines.set(path, line);
    if (word === "{" || word === "[") around.push({ path, at: word === "[" ? 0 : undefined });
  }
}

function pathIn({ path, at }: Container): string {
  return typeof at === "number" ? `${path}[${at}]` : `${path}/${at}`;
}

/** The line of a location, or of what stands around it where it is not in the text itself. */
export function lineOf(lines: ReadonlyMap<string, number>, location: string): number {
  for (let path = location; path !== ""; path = path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("["), 0))) {
    const line = lines.get(path);
    if (line !== undefined) return line;
  }
  return 1;
}
