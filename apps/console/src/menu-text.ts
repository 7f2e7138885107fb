/** A drink's options as lines of text: `Milk: Regular, Oat`. */
import type { ModifierGroup } from "../../ui/src/shop.ts";

/** Writes option groups as text, a line each: `Milk: Whole, Oat`. */
export function printOptions(groups: readonly ModifierGroup[]): string {
  return groups.map(({ name, options }) => `${name}: ${options.join(", ")}`).join("\n");
}

/** Reads what `printOptions` wrote; a line without a colon is a group without a name, which the API refuses in words. */
export function parseOptions(text: string): ModifierGroup[] {
  const lines = text.split("\n").filter((line) => line.trim());
  return lines.map((line) => {
    const [name = "", rest = ""] = line.includes(":") ? [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)] : ["", line];
    const options = rest.split(",").map((option) => option.trim());
    return { name: name.trim(), options: options.filter(Boolean) };
  });
}
