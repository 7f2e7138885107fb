import type { Command } from "./command.ts";
import type { Setting } from "./setting.ts";

/** What `--help` prints. */
export function helpOf(command: Command): string {
  const rows = [...Object.values(command.settings).map((each) => [namesOf(each), explained(each)] as const), ...everywhere];
  const width = Math.min(30, Math.max(...rows.map(([names]) => names.length)) + 2);
  const lines = rows.flatMap(([names, says]) => row(names, says, width));
  return [`${callOf(command)}\n`, `${command.sentence}\n`, ...lines, ...(command.notes === undefined ? [] : ["", command.notes]), ""].join(
    "\n",
  );
}

const everywhere = [
  ["--help, -h", "prints this"],
  ["--version", "prints the version"],
] as const;
const lineWidth = 130;

/** What to type: `npm run backup -- FILE [FLAG ...]`. */
export function callOf({ call, settings }: Command): string {
  const operands = Object.values(settings).flatMap(({ operand, isRequired, isRepeatable }) => {
    if (operand === undefined) return [];
    const name = isRepeatable ? `${operand} ...` : operand;
    return isRequired ? name : `[${name}]`;
  });
  const flags = Object.values(settings).some(({ flag }) => flag !== undefined) ? ["[FLAG ...]"] : [];
  return [call, ...operands, ...flags].join(" ").replace(/ --$/, "");
}

/** By what a setting is given: `--port N, PORT`. */
export function namesOf({ flag, variable, operand, shape }: Setting<unknown>): string {
  const named = flag === undefined ? undefined : shape === undefined ? flag : `${flag} ${shape}`;
  return [operand, named, variable].filter((name) => name !== undefined).join(", ");
}

function explained({ sentence, usual, isRepeatable, variable, flag }: Setting<unknown>): string {
  const repeated = isRepeatable && variable !== undefined ? "separated by commas in the variable" : "";
  const more = isRepeatable ? [flag === undefined ? "" : "may be repeated", repeated].filter((part) => part !== "") : [];
  return `${[sentence, ...more].join("; ")}${usual === "" ? "" : ` (${usual})`}`;
}

function row(names: string, says: string, width: number): string[] {
  const indent = " ".repeat(width + 2);
  const lines = wrap(says, lineWidth - width - 2);
  const head = names.length + 2 > width ? [`  ${names}`] : [];
  const first = head.length > 0 ? [...head, `${indent}${lines[0]}`] : [`  ${names.padEnd(width)}${lines[0]}`];
  return [...first, ...lines.slice(1).map((line) => indent + line)];
}

function wrap(says: string, width: number): string[] {
  const lines = [""];
  for (const word of says.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
