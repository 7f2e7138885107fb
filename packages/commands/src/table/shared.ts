import { setting, toggle } from "../setting.ts";
import { text } from "../value-kinds.ts";

/** The bar's folder, of each command that reads or writes one. */
export const dataFolder = setting({
  flag: "--data",
  variable: "DATA_DIR",
  shape: "FOLDER",
  kind: text,
  otherwise: "./data",
  sentence: "the bar's folder",
});

/** The bar's name, by flag alone: a variable left over in a shell must not open or deploy another bar. */
export const bar = setting({
  flag: "--bar",
  shape: "NAME",
  kind: text,
  usual: "Serverlesspresso",
  sentence: "the bar's name, after which all that is the bar's is named",
});

/** How long each kind of records is kept. */
export const keep = {
  flag: "--keep",
  variable: "KEEP",
  shape: "KIND=DAYS",
  kind: text,
} as const;

/** Machine-readable output. */
export const json = toggle({ flag: "--json", sentence: "prints JSON, nothing shortened" });
