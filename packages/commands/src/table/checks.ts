/** Commands that show that the project works. */
import { defineCommand } from "../command.ts";
import { setting, toggle } from "../setting.ts";
import { wholeNumber } from "../value-kinds.ts";

const seed = setting({
  operand: "SEED",
  kind: wholeNumber({ least: 0 }),
  otherwise: 1,
  sentence: "what chance begins with; the same seed plays the same",
});

/** `npm test`. */
export const test = defineCommand({
  name: "test",
  call: "npm test --",
  sentence: "Runs every test, a real browser included, in about 12 minutes on two processors. Further words go to Vitest.",
  settings: {},
  isPassedOn: true,
});

/** `npm run test:quick`. */
export const testQuick = defineCommand({
  name: "test:quick",
  call: "npm run test:quick --",
  sentence:
    "Runs the tests that start no server, no browser and no process, in less than a minute. Further words go to Vitest; `--changed` runs those alone that uncommitted changes concern.",
  settings: {},
  isPassedOn: true,
});

/** `npm run runtime-client`. */
export const runtimeClient = defineCommand({
  name: "runtime-client",
  call: "npm run runtime-client --",
  sentence:
    "Builds AWS's own runtime client, once, in about a minute; the tests of the Lambda functions then run in it. Needs Linux, cmake and a C++ compiler.",
  settings: {},
});

/** `npm run check`. */
export const check = defineCommand({
  name: "check",
  call: "npm run check --",
  sentence:
    "Checks format, lint, circles, types and unused code, then runs every test: those that only read the sources (import directions, libraries, manifests, documents, docstrings, citations) are among them.",
  settings: {
    isWithoutTests: toggle({ flag: "--no-tests", sentence: "leaves out the tests that run the product; less than a minute" }),
  },
});

/** `npm run test:crash`. */
export const testCrash = defineCommand({
  name: "test:crash",
  call: "npm run test:crash --",
  sentence: "Kills a busy bar at random moments and checks every invariant after each start. A round takes about 8 seconds.",
  settings: {
    rounds: setting({ operand: "ROUNDS", kind: wholeNumber({ least: 1 }), otherwise: 300, sentence: "how often the bar is killed" }),
    seed,
  },
});

/** `npm run test:power-cut`. */
export const testPowerCut = defineCommand({
  name: "test:power-cut",
  call: "npm run test:power-cut --",
  sentence: "Starts the store on each of the disks that a power cut may leave. Needs cc.",
  settings: {
    images: setting({ operand: "IMAGES", kind: wholeNumber({ least: 1 }), otherwise: 300, sentence: "how many disks" }),
    seed,
  },
});

/** `npm run conformance`. */
export const conformance = defineCommand({
  name: "conformance",
  call: "npm run conformance --",
  sentence: "Runs the engines against cases recorded on AWS, in the folder that CONFORMANCE_DIR names. Further words go to the graders.",
  settings: {},
  isPassedOn: true,
});

/** `npm run regexes`. */
export const regexes = defineCommand({
  name: "regexes",
  call: "npm run regexes --",
  sentence: "Has recheck judge the regular expressions that are new, and keeps the verdicts for the tests.",
  settings: { isAll: toggle({ flag: "--all", sentence: "begins anew, which takes a minute" }) },
});
