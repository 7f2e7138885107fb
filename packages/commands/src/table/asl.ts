import { defineCommand } from "../command.ts";
import { list, required, setting, toggle } from "../setting.ts";
import { matching, oneOf, text } from "../value-kinds.ts";
import { json } from "./shared.ts";

const time = matching(/^\d{4}-\d\d-\d\d/, "a time such as 2026-01-01T09:00:00Z");
const substitution = matching(/^[^=]+=/, "NAME=VALUE");

/** `npm run asl`. */
export const asl = defineCommand({
  name: "asl",
  call: "npm run asl --",
  sentence: "Runs a state machine with mocked integrations (test), or says what is wrong with its definition (validate).",
  prefix: "asl: ",
  settings: {
    command: required({ operand: "COMMAND", kind: oneOf(["test", "validate"]), sentence: "test or validate" }),
    file: required({
      operand: "FILE",
      kind: { ...text, expected: "the file of a state machine's definition" },
      sentence: "the definition, Amazon States Language",
    }),
    mocks: setting({
      flag: "--mocks",
      shape: "FILE",
      kind: text,
      usual: "none; a workflow without tasks needs none",
      sentence: "what tasks answer, in the form of Step Functions Local's MockConfigFile.json",
    }),
    machine: setting({
      flag: "--machine",
      shape: "NAME",
      kind: text,
      usual: "the only one",
      sentence: "the state machine of the mock file",
    }),
    testCase: setting({ flag: "--case", shape: "NAME", kind: text, usual: "the only one", sentence: "the test case of that machine" }),
    isAll: toggle({ flag: "--all", sentence: "runs every test case of the machine, with the same input" }),
    input: setting({ flag: "--input", shape: "JSON|@FILE", kind: text, usual: "{}", sentence: "the execution's input" }),
    expected: setting({
      flag: "--expect",
      shape: "JSON|@FILE",
      kind: text,
      usual: "any",
      sentence: "the output it has to give; the first place that differs is named, and the exit status is 1",
    }),
    start: setting({
      flag: "--start",
      shape: "TIME",
      kind: time,
      otherwise: "2026-01-01T00:00:00Z",
      sentence: "when the execution starts, so that two runs print the same",
    }),
    substitutions: list({
      flag: "--set",
      shape: "NAME=VALUE",
      kind: substitution,
      sentence: `puts VALUE where FILE has \${NAME}, as definition substitutions do`,
    }),
    json,
  },
  notes: `npm run asl -- test FILE      runs the state machine in FILE with mocked integrations
npm run asl -- validate FILE  says what is wrong with the definition in FILE

Exit status: 0 succeeded as expected, 1 failed, 2 the call, a file or the mocks are wrong.`,
});
