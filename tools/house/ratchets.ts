/** The ratchets of the project: the file of each, and what there is today. */
import { join } from "node:path";
import { root } from "../install.mjs";
import { dialectIn, documentFiles, type Phrase } from "./dialect.ts";
import { exportsOf } from "./docstrings.ts";
import { countByFolder, type Figures } from "./ratchet.ts";
import { aboveCallers } from "./reading-order.ts";
import { productAreas, sourceFiles, textOf } from "./sources.ts";

/** A kind of fault whose number may only shrink. */
export interface Ratchet {
  readonly name: string;
  /** The file of its figures. */
  readonly path: string;
  count(): Figures;
}

const place = (file: string): string => join(root, "test/house", file);

/** Returns the files whose exports need docstrings: the product, its tests left out. */
export function documentedFiles(): string[] {
  const isProduct = (file: string): boolean => (productAreas as readonly string[]).includes(file.split("/")[0] ?? "");
  return sourceFiles().filter((file) => isProduct(file) && !/\.test\.tsx?$/.test(file));
}

/** The ratchets, given the phrases of `test/house/dialect.json`. */
export function projectRatchets(phrases: readonly Phrase[]): readonly Ratchet[] {
  return [
    {
      name: "exports without a docstring",
      path: place("undocumented.json"),
      count: () => countByFolder(documentedFiles(), (file) => exportsOf(file, textOf(file)).undocumented.length),
    },
    {
      name: "functions above their callers",
      path: place("above-callers.json"),
      count: () => countByFolder(documentedFiles(), (file) => aboveCallers(file, textOf(file)).length),
    },
    {
      name: "phrases that cost a second reading",
      path: place("dialect-figures.json"),
      count: () => countByFolder([...sourceFiles(), ...documentFiles()], (file) => dialectIn(file, textOf(file), phrases).length),
    },
  ];
}
