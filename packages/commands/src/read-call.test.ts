import { expect, test } from "vitest";
import { defineCommand } from "./command.ts";
import { UsageError } from "./errors.ts";
import { helpOf } from "./help.ts";
import { readCall } from "./read-call.ts";
import { list, required, setting, toggle } from "./setting.ts";
import { oneOf, onOff, text, wholeNumber } from "./value-kinds.ts";

const brew = defineCommand({
  name: "brew",
  call: "npm run brew --",
  sentence: "Makes coffee.",
  settings: {
    drink: required({ operand: "DRINK", kind: oneOf(["latte", "mocha"]), sentence: "what to make" }),
    names: list({ operand: "NAME", kind: text, sentence: "for whom" }),
    cups: setting({
      flag: "--cups",
      variable: "CUPS",
      shape: "N",
      kind: wholeNumber({ least: 1, most: 9 }),
      otherwise: 1,
      sentence: "how many",
    }),
    milk: list({ flag: "--milk", variable: "MILK", shape: "KIND", kind: text, sentence: "what goes in" }),
    isHot: setting({ variable: "HOT", kind: onOff, otherwise: true, usual: "on", sentence: "on or off" }),
    isToGo: toggle({ flag: "--to-go", sentence: "in a paper cup" }),
    key: setting({ variable: "KEY", kind: wholeNumber({ least: 0 }), isSecret: true, sentence: "opens the machine" }),
  },
});
const usual = { drink: "latte", names: [], cups: 1, milk: [], isHot: true, isToGo: false, key: undefined };

test.each([
  { args: ["latte"], environment: {}, gives: {} },
  { args: ["latte", "--cups", "3"], environment: { CUPS: "2" }, gives: { cups: 3 } },
  { args: ["latte"], environment: { CUPS: "2", HOT: "off" }, gives: { cups: 2, isHot: false } },
  { args: ["latte"], environment: { CUPS: "" }, gives: {} },
  { args: ["--to-go", "latte", "--to-go"], environment: {}, gives: { isToGo: true } },
  {
    args: ["--milk", "oat", "mocha", "Ana", "--milk=soy", "Rui"],
    environment: {},
    gives: { drink: "mocha", names: ["Ana", "Rui"], milk: ["oat", "soy"] },
  },
  { args: ["latte"], environment: { MILK: "oat, soy," }, gives: { milk: ["oat", "soy"] } },
  { args: ["--to-go", "latte"], environment: {}, gives: { isToGo: true } },
  { args: ["latte", "--", "--help"], environment: {}, gives: { names: ["--help"] } },
  { args: ["latte", "--milk=-1"], environment: {}, gives: { milk: ["-1"] } },
])("$args $environment", ({ args, environment, gives }) => {
  expect(readCall(brew, args, environment as Record<string, string>)).toMatchObject({ values: { ...usual, ...gives } });
});

test("a setting knows under which name it was given (C1)", () => {
  const call = readCall(brew, ["latte", "--cups", "2"], { MILK: "oat" });
  if (typeof call === "string") throw new Error(call);
  expect([call.nameOf("cups"), call.nameOf("milk"), call.nameOf("isToGo")]).toEqual(["--cups", "MILK", undefined]);
});

test.each([
  { args: [], says: "DRINK is not given, expected latte or mocha" },
  { args: ["tea"], says: 'DRINK is "tea", expected latte or mocha' },
  { args: ["latte", "--cups", "0"], says: '--cups is "0", expected a whole number from 1 to 9' },
  { args: ["latte", "--cups", "1.5"], says: '--cups is "1.5", expected a whole number from 1 to 9' },
  { args: ["latte", "--cups", "1e0"], says: '--cups is "1e0"' },
  { args: ["latte", "--cups"], says: "--cups has no value, expected --cups N" },
  { args: ["latte", "--cups", "--to-go"], says: "--cups has no value, expected --cups N" },
  { args: ["latte", "--to-go=yes"], says: '--to-go is "yes", expected the flag alone' },
  { args: ["latte", "--cups=1", "--cups", "2"], says: "--cups is given twice: 1, 2" },
  { args: ["latte", "--cups=1", "--cups=1", "--cups=1"], says: "--cups is given 3 times: 1, 1, 1" },
  { args: ["latte", "--sugar"], says: "--sugar is no flag of npm run brew, expected --cups, --milk, --to-go, --help, --version" },
  { args: ["latte", "-x"], says: "-x is no flag of npm run brew" },
  { args: ["latte"], environment: { CUPS: "many" }, says: 'CUPS is "many", expected a whole number' },
  { args: ["latte"], environment: { HOT: "cold" }, says: 'HOT is "cold", expected on or off' },
  { args: ["latte"], environment: { KEY: "hunter2" }, says: "KEY is not a whole number from 0" },
])("C2, C3, C4: $args $environment: $says", ({ args, environment = {}, says }) => {
  const read = () => readCall(brew, args, environment as Record<string, string>);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(says);
  expect(read).not.toThrow(/hunter2/);
});

test("a word that no operand takes is named", () => {
  const { names: _, ...settings } = brew.settings;
  expect(() => readCall({ ...brew, settings }, ["latte", "Ana"], {})).toThrow(
    '"Ana" is one word too many for npm run brew, expected DRINK',
  );
});

test.each([["--help"], ["-h"], ["latte", "--cups", "x", "--help"]])("help is asked for by %j, whatever else is wrong", (...args) =>
  expect(readCall(brew, args, {})).toBe("help"),
);

test("the help names everything, with what holds without it", () => {
  expect(helpOf(brew)).toBe(`npm run brew -- DRINK [NAME ...] [FLAG ...]

Makes coffee.

  DRINK              what to make
  NAME               for whom (none)
  --cups N, CUPS     how many (1)
  --milk KIND, MILK  what goes in; may be repeated; separated by commas in the variable (none)
  HOT                on or off (on)
  --to-go            in a paper cup
  KEY                opens the machine
  --help, -h         prints this
  --version          prints the version
`);
});
