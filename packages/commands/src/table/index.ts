/** Every command of the project, in the order in which the documents list them. */
import type { Command } from "../command.ts";
import { asl } from "./asl.ts";
import { deploy, destroy, diff, exportData, importData, outputs, smoke, synth } from "./aws.ts";
import { bench, cost } from "./bench.ts";
import { check, conformance, regexes, runtimeClient, test, testCrash, testPowerCut, testQuick } from "./checks.ts";
import { backup, restore, rotateKeys, storage } from "./folder.ts";
import { pack } from "./release.ts";
import { demo, start } from "./start.ts";

/** Groups of commands by what they are for. */
export const commandGroups: Readonly<Record<string, readonly Command[]>> = {
  "Run a bar": [start, demo],
  "Keep a bar": [backup, restore, storage, rotateKeys],
  "Work on workflows": [asl],
  "On AWS": [synth, diff, deploy, outputs, smoke, destroy, exportData, importData, cost],
  "Check and measure": [test, testQuick, check, testCrash, testPowerCut, runtimeClient, conformance, regexes, bench],
  Release: [pack],
};

/** All of them. */
export const commands: readonly Command[] = Object.values(commandGroups).flat();
