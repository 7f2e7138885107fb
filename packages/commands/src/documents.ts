/**
 * The tables of commands and flags in the documents. They stand between two comments, of which the first says what:
 * `<!-- flags start -->`, `<!-- flags start: port host -->` for some of them, `<!-- commands -->` for all commands, and `<!-- end -->`.
 */
import type { Command } from "./command.ts";
import { callOf, namesOf } from "./help.ts";
import type { Setting } from "./setting.ts";
import { commandGroups, commands } from "./table/index.ts";

const marked = /(<!-- (flags|commands)(?: ([\w:-]+?))?(?:: ([\w ]+))? -->\n)[\s\S]*?(<!-- end -->)/g;

/** Returns a document with its tables as the commands are now. @throws {RangeError} for a command or a flag that is not there */
export function withTables(document: string): string {
  return document.replace(marked, (_, begin: string, kind: string, name: string | undefined, keys: string | undefined, end: string) => {
    if (kind === "flags") return `${begin}${flagTable(commandOf(name ?? ""), keys?.split(" "))}${end}`;
    return `${begin}${name === "all" ? everyCommand() : commandTable()}${end}`;
  });
}

function commandOf(name: string): Command {
  const found = commands.find((each) => each.name === name);
  if (found === undefined)
    throw new RangeError(`the document names command "${name}", expected one of ${commands.map((each) => each.name).join(", ")}`);
  return found;
}

function flagTable(command: Command, keys = Object.keys(command.settings)): string {
  const rows = keys.map((key) => {
    const each = command.settings[key];
    if (each === undefined) throw new RangeError(`the document names setting "${key}", which ${command.name} lacks`);
    return `| ${namesIn(each)} | ${cell(each.usual)} | ${sentenceOf(each)} |`;
  });
  return ["| flag, variable | without it | what it is |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

function commandTable(): string {
  return ["| command | does |", "| --- | --- |", ...commands.map((each) => `| \`${callOf(each)}\` | ${each.sentence} |`), ""].join("\n");
}

/** Every command with its flags, in sections. */
function everyCommand(): string {
  const sections = Object.entries(commandGroups).flatMap(([title, group]) => ["", `## ${title}`, ...group.flatMap(section)]);
  return [...sections, "", ""].join("\n");
}

function section(command: Command): string[] {
  const notes = command.notes === undefined ? [] : ["", "```text", command.notes, "```"];
  const table = Object.keys(command.settings).length === 0 ? [] : ["", flagTable(command).trimEnd()];
  return ["", `### ${command.name}`, "", "```text", callOf(command), "```", "", command.sentence, ...table, ...notes];
}

function namesIn(each: Setting<unknown>): string {
  return namesOf(each)
    .split(", ")
    .map((name) => `\`${cell(name)}\``)
    .join(", ");
}

function sentenceOf({ sentence, isRepeatable, flag }: Setting<unknown>): string {
  return cell(sentence) + (isRepeatable && flag !== undefined ? "; may be repeated" : "");
}

function cell(written: string): string {
  return written.replaceAll("|", "\\|");
}
