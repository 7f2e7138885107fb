import type { Setting } from "./setting.ts";

/** Settings by the name that the program knows them by. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** One command of the project: everything that its help, the documents and its reader say about it. */
export interface Command<S extends Settings = Settings> {
  /** As `npm run` names it. */
  readonly name: string;
  /** What to type, without operands and flags. */
  readonly call: string;
  /** What it does, in one sentence. */
  readonly sentence: string;
  readonly settings: S;
  /** Paragraphs below the flags. */
  readonly notes?: string;
  /** Hands every word on to another program: unknown flags are that program's. */
  readonly isPassedOn?: boolean;
  /** Stands before each message on standard error. */
  readonly prefix?: string;
}

/** The values of a command's settings. */
export type Values<S extends Settings> = { readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never };

/** Returns the command as it is given; fixes the types of its settings. */
export function defineCommand<S extends Settings>(command: Command<S>): Command<S> {
  return command;
}
