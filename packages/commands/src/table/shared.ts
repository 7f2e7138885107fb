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

/** How long each kind of records is kept. */
export const keep = {
  flag: "--keep",
  variable: "KEEP",
  shape: "KIND=DAYS",
  kind: text,
} as const;

/** Machine-readable output. */
export const json = toggle({ flag: "--json", sentence: "prints JSON, nothing shortened" });
