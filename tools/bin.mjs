#!/usr/bin/env node
// `npx serverlesspresso [COMMAND] [WORD ...]`: runs a command of the bar with a Node that can. Stands in the release alone, beside the commands.json that is made for it. Works on Node 20.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { nodeFor } from "./node-packages.mjs";
import { runChild } from "./run-child.mjs";

const here = import.meta.dirname;
const commands = JSON.parse(readFileSync(join(here, "commands.json"), "utf8"));
const [first = "start", ...rest] = process.argv.slice(2);
const [command, words] = Object.hasOwn(commands, first) ? [first, rest] : ["start", process.argv.slice(2)];
if (command === "start" && !first.startsWith("-") && first !== "start") fail(`"${first}" is no command; there are ${names()}`);
if (first === "--help" || first === "-h") console.log(`Commands: ${names()}; without one, start. Each answers --help.\n`);
const { flags, file, args } = commands[command];
const node = nodeFor(process, createRequire(import.meta.url).resolve) ?? fail(`Node is ${process.versions.node}, expected 22.18 or later`);
runChild(node, [...flags, join(here, file), ...args, ...words], {});

function names() {
  return Object.keys(commands).join(", ");
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
