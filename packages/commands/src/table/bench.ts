import { defineCommand } from "../command.ts";
import { list, setting, toggle } from "../setting.ts";
import { oneOf, text, wholeNumber, wholeNumbers } from "../value-kinds.ts";
import { json } from "./shared.ts";

/** Every benchmark: what it measures, and how long that takes on two processors. */
export const benchmarks = {
  lifecycle: { measures: "the life of an order, every step durable, beside the bare store and Restate", takes: "3 minutes" },
  orders: {
    measures: "whole orders over the API in a closed loop, beside the same calls and bytes without workflow and bus",
    takes: "2 minutes",
  },
  states: { measures: "state transitions, beside the npm package aws-local-stepfunctions", takes: "2 minutes" },
  events: {
    measures: "events from PutEvents to a function, through a queue to one, and to an MQTT subscriber, beside the same bytes alone",
    takes: "1 minute",
  },
  rules: { measures: "events routed by 10, 1,000 and 10,000 rules", takes: "2 minutes" },
  wire: { measures: "the life of an order over signed HTTP, beside a bare server and MiniStack", takes: "2 minutes" },
  lambda: { measures: "the functions for AWS: size and cold start of each bundle", takes: "2 minutes" },
  feed: { measures: "what it costs an order's life that an operator may watch, and does", takes: "1 minute" },
  start: {
    measures: "a start of the shop on a folder with many orders, from the process's begin; ARGUMENT: closed orders (100,000)",
    takes: "5 minutes",
  },
  hostile: {
    measures: "what GET /config takes while strangers flood MQTT, HTTP and sign-in; ARGUMENT: names of attacks",
    takes: "5 minutes",
  },
  bytes: {
    measures: "what an order leaves on disk, kind by kind, at once and packed; ARGUMENT: seconds of ordering (8)",
    takes: "1 minute",
  },
  days: { measures: "what hours of a bar with robots leave in memory and on disk; ARGUMENT: hours of the shop (4)", takes: "10 minutes" },
  phones: {
    measures: "phones that connect, receive a change, and come back all at once after kill -9; ARGUMENT: numbers of phones (100 1000 5000)",
    takes: "2 minutes",
  },
} as const;

/** The name of a benchmark. */
export type Benchmark = keyof typeof benchmarks;
const names = Object.keys(benchmarks) as Benchmark[];

/** `npm run bench`. */
export const bench = defineCommand({
  name: "bench",
  call: "npm run bench --",
  sentence: "Runs every benchmark, or the one named. Each prints one table, ratios first.",
  settings: {
    name: setting({ operand: "NAME", kind: oneOf(names), usual: "all, one after the other", sentence: names.join(", ") }),
    parts: list({ operand: "ARGUMENT", kind: text, usual: "", sentence: "see below" }),
    levels: setting({
      flag: "--at",
      shape: "N,...",
      kind: wholeNumbers({ least: 1 }),
      usual: "as the benchmark has it",
      sentence: "how many are in flight, level by level: orders, events",
    }),
    profileFolder: setting({
      flag: "--profile",
      shape: "FOLDER",
      kind: text,
      usual: "",
      sentence: "a folder for processor profiles of what is measured, whose first ten lines are printed: orders, events",
    }),
    isQuick: toggle({
      flag: "--quick",
      sentence: "a short look: lifecycle, orders, states, events, rules, wire, lambda, phones, feed, start",
    }),
    isWithoutRestate: toggle({ flag: "--no-restate", sentence: "leaves Restate out of lifecycle" }),
    isWithoutPeer: toggle({ flag: "--no-peer", sentence: "leaves the other emulator out of states and wire" }),
  },
  notes: names.map((name) => `  ${name.padEnd(12)}${benchmarks[name].measures} (about ${benchmarks[name].takes})`).join("\n"),
});

/** `npm run cost`. */
export const cost = defineCommand({
  name: "cost",
  call: "npm run cost --",
  sentence: "Prints what a day at the bar costs on AWS, from operations counted in a run of the blueprint. Takes about 20 seconds.",
  settings: {
    json,
    isRates: toggle({ flag: "--rates", sentence: "prints how fast each thing happens, in place of what it costs" }),
    orders: setting({
      flag: "--orders",
      shape: "N",
      kind: wholeNumber({ least: 0 }),
      usual: "1,000, 10,000 and 1,000,000",
      sentence: "orders of a day",
    }),
    journeyMix: setting({
      flag: "--journey-mix",
      shape: "NAME=SHARE,...",
      kind: text,
      usual: "see docs/cost.md",
      sentence: "how orders go, in shares that come to 1: completed=0.9,cancelled=0.1",
    }),
    days: setting({
      flag: "--days",
      shape: "N",
      kind: wholeNumber({ least: 1 }),
      usual: "30",
      sentence: "days of a month on which the bar is open",
    }),
    screens: setting({
      flag: "--screens",
      shape: "N",
      kind: wholeNumber({ least: 1 }),
      usual: "3",
      sentence: "displays and tablets of a bar",
    }),
    visitsPerGuest: setting({
      flag: "--visits",
      shape: "N",
      kind: wholeNumber({ least: 1 }),
      usual: "3",
      sentence: "days of the month on which a guest comes",
    }),
    guestAccounts: setting({
      flag: "--guest-accounts",
      shape: "cognito|none",
      kind: oneOf(["cognito", "none"]),
      usual: "cognito",
      sentence: "whether guests are users of the pool, or hold tokens that a function signs",
    }),
  },
});
