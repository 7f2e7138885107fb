/** The plant of this process, named by `PLANT`, and what it makes of a file. */
import { appendFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Plant, plants } from "./plants.ts";

const root = join(import.meta.dirname, "../..");
const planted: Plant | undefined = plants.find(({ fault }) => fault === process.env.PLANT);
if (planted === undefined)
  throw new Error(`PLANT is ${JSON.stringify(process.env.PLANT)}, expected one of ${plants.map(({ fault }) => fault).join(", ")}`);

/** The source with the plant in it, or undefined if the file is not the plant's. Each planting is noted in the file `PLANT_NOTES`. */
export function plantedSource(path: string, source: string): string | undefined {
  const file = relative(root, path);
  const edits = planted?.edits.filter((edit) => edit.file === file) ?? [];
  if (edits.length === 0) return undefined;
  let changed = source;
  for (const { find, put } of edits) {
    const times = changed.split(find).length - 1;
    if (times !== 1) throw new Error(`${file} has ${JSON.stringify(find)} ${times} times, expected once: the plant must follow the code`);
    changed = changed.replace(find, () => put);
  }
  if (process.env.PLANT_NOTES !== undefined) appendFileSync(process.env.PLANT_NOTES, `${file}\n`);
  return changed;
}
