/**
 * The regular expressions of filter patterns: characters, classes, `.`, `\d \D \s \S \w \W \xHH`, quantifiers, `|` and the anchors; no groups.
 *
 * X1. Found anywhere in a text, unless anchored.
 * X2. All ways are followed at once, one character after the other, so the time is that of the text's length times the expression's.
 */
type Characters = (code: number) => boolean;

/** One character to be read: perhaps not at all, perhaps again and again. */
interface Step {
  readonly has: Characters;
  readonly optional: boolean;
  readonly repeats: boolean;
}
interface Alternative {
  readonly fromStart: boolean;
  readonly toEnd: boolean;
  readonly steps: readonly Step[];
}
type Refuse = (reason: string) => Error;

const mostSteps = 1000;

/** @param refuse makes the error that is thrown */
export function parseRegularExpression(source: string, refuse: Refuse): (text: string) => boolean {
  if (source === "") throw refuse("is nothing, expected an expression");
  const alternatives = splitAlternatives(source).map((one) => parseAlternative(one, refuse));
  return (text) => alternatives.some((alternative) => isIn(text, alternative));
}

function splitAlternatives(source: string): string[] {
  const alternatives = [""];
  for (const [part] of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\||[^|]/gs)) {
    if (part === "|") alternatives.push("");
    else alternatives[alternatives.length - 1] += part;
  }
  return alternatives;
}

const atom = /\\x[0-9A-Fa-f]{2}|\\.|\[(?:\\.|[^\]\\])+\]|[\w:#=@/;,.-]/sy;
const quantifier = /[*+?]|\{\d{1,4}(?:,\d{0,4})?\}/y;

function parseAlternative(source: string, refuse: Refuse): Alternative {
  const fromStart = source.startsWith("^");
  const toEnd = /(?:^|[^\\])(?:\\\\)*\$$/.test(source);
  const body = source.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  const steps: Step[] = [];
  for (let at = 0; at < body.length; ) {
    atom.lastIndex = at;
    const character = atom.exec(body)?.[0];
    if (character === undefined) throw refuse(`is ${JSON.stringify(body[at])}, which has no meaning there`);
    quantifier.lastIndex = at + character.length;
    const count = quantifier.exec(body)?.[0] ?? "";
    steps.push(...repeat(charactersOf(character, refuse), count, refuse));
    if (steps.length > mostSteps) throw refuse(`are more than ${mostSteps} characters to be read`);
    at += character.length + count.length;
  }
  return { fromStart, toEnd, steps };
}

function repeat(has: Characters, quantifier: string, refuse: Refuse): Step[] {
  const [least, most] = boundsOf(quantifier);
  if (most < least || least > mostSteps || (most !== Number.POSITIVE_INFINITY && most > mostSteps)) {
    throw refuse(`is ${quantifier}, expected up to ${mostSteps} and in order`);
  }
  const once: Step = { has, optional: false, repeats: false };
  const needed = Array.from({ length: least }, () => once);
  if (most === Number.POSITIVE_INFINITY) return [...needed, { has, optional: true, repeats: true }];
  return [...needed, ...Array.from({ length: most - least }, () => ({ ...once, optional: true }))];
}

function boundsOf(quantifier: string): [least: number, most: number] {
  if (quantifier === "") return [1, 1];
  if (quantifier === "?") return [0, 1];
  if (quantifier === "*") return [0, Number.POSITIVE_INFINITY];
  if (quantifier === "+") return [1, Number.POSITIVE_INFINITY];
  const [least = "", most = least] = quantifier.slice(1, -1).split(",");
  return [Number(least), most === "" ? Number.POSITIVE_INFINITY : Number(most)];
}

const classes: Readonly<Record<string, RegExp>> = { d: /\d/, D: /\D/, s: /\s/, S: /\S/, w: /\w/, W: /\W/ };

function charactersOf(atom: string, refuse: Refuse): Characters {
  if (atom === ".") return (code) => code !== 10;
  if (atom.startsWith("[")) return classOf(atom.slice(1, -1), refuse);
  const named = atom.startsWith("\\") ? classes[atom[1] as string] : undefined;
  if (named !== undefined) return (code) => named.test(String.fromCharCode(code));
  const want = codeOf(atom);
  return (code) => code === want;
}

function codeOf(character: string): number {
  if (/^\\x[0-9A-Fa-f]{2}$/.test(character)) return Number.parseInt(character.slice(2), 16);
  return character.charCodeAt(character.startsWith("\\") ? 1 : 0);
}

function classOf(source: string, refuse: Refuse): Characters {
  const isNegated = source.startsWith("^");
  const body = isNegated ? source.slice(1) : source;
  const members: Characters[] = [];
  for (const [whole, first = "", last] of body.matchAll(/(\\x[0-9A-Fa-f]{2}|\\.|[^\\])(?:-(\\x[0-9A-Fa-f]{2}|\\.|[^\\]))?/gs)) {
    const [from, to] = [codeOf(first), codeOf(last ?? first)];
    if (last !== undefined && (from > to || isNamed(first) || isNamed(last))) throw refuse(`is ${whole}, which is no range`);
    members.push(last === undefined && isNamed(first) ? charactersOf(first, refuse) : (code) => code >= from && code <= to);
  }
  if (members.length === 0) throw refuse("is a class of nothing");
  return (code) => members.some((has) => has(code)) !== isNegated;
}

function isNamed(character: string): boolean {
  return /^\\[dDsSwW]$/.test(character);
}

/** X1, X2: `reached[n]` says that the first n steps may have been done. */
function isIn(text: string, { fromStart, toEnd, steps }: Alternative): boolean {
  let reached = new Uint8Array(steps.length + 1);
  for (let at = 0; ; at++) {
    if (at === 0 || !fromStart) reach(reached, steps, 0);
    if (reached[steps.length] === 1 && (!toEnd || at === text.length)) return true;
    if (at === text.length) return false;
    reached = advance(reached, steps, text.charCodeAt(at));
  }
}

function reach(reached: Uint8Array, steps: readonly Step[], from: number): void {
  for (let n = from; reached[n] !== 1; n++) {
    reached[n] = 1;
    if (steps[n]?.optional !== true) return;
  }
}

function advance(reached: Uint8Array, steps: readonly Step[], code: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  for (let n = 0; n < steps.length; n++) {
    if (reached[n] !== 1 || steps[n]?.has(code) !== true) continue;
    reach(next, steps, steps[n]?.repeats === true ? n : n + 1);
  }
  return next;
}
