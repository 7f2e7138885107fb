/** Finds exported declarations without a docstring. */
import { parseSync } from "oxc-parser";

/** An exported declaration with nothing said of it. */
export interface Undocumented {
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What a file declares and exports by itself; re-exports are documented where they are declared. */
export interface Exports {
  readonly count: number;
  readonly undocumented: readonly Undocumented[];
}

interface Declaration {
  readonly start: number;
  readonly id?: { readonly name?: string } | null;
  readonly declarations?: readonly { readonly id: { readonly name?: string } }[];
}

/** Returns the exported functions, classes, types, interfaces and constants of a file; the signatures of one function count once. */
export function exportsOf(file: string, text: string): Exports {
  const { program, comments } = parseSync(file, text);
  const docstringEnds = new Set(
    comments.filter(({ type, value }) => type === "Block" && value.startsWith("*")).map(({ end }) => afterSpace(text, end)),
  );
  const found = new Map<string, Undocumented | undefined>();
  for (const statement of program.body) {
    if (statement.type !== "ExportNamedDeclaration" && statement.type !== "ExportDefaultDeclaration") continue;
    const declaration = statement.declaration as Declaration | null;
    if (declaration === null) continue;
    const name = nameOf(declaration);
    if (!found.has(name)) found.set(name, docstringEnds.has(statement.start) ? undefined : { name, line: lineAt(text, statement.start) });
  }
  return { count: found.size, undocumented: [...found.values()].filter((one) => one !== undefined) };
}

function nameOf({ id, declarations }: Declaration): string {
  return declarations?.map((one) => one.id.name ?? "").join() ?? id?.name ?? "default";
}

const afterSpace = (text: string, from: number): number => from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
