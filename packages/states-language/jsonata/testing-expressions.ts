/** Generated expressions and variables. Each part of an expression mostly has the kind that its place takes, so that most come to something. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";

const texts = ["", "a", "b", "latte", " a  b ", "0", "12", "-1.5", "1e3", "a,b,c", "ﬂat", "😀x", "["];
const numbers = [0, 1, 2, 3, -1, -2, 0.5, 1.5, 2.5, -0.5, 10, 0.1, 1e21, 1e-7, 123456.789];
const keys = ["a", "b", "c", "list", "text", "__proto__", "length", "1", "0", "sequence", "then"];

const text: fc.Arbitrary<JsonValue> = fc.constantFrom(...texts);
const number: fc.Arbitrary<JsonValue> = fc.constantFrom(...numbers);
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(text, number, fc.constantFrom(true, false, null));
const { data } = fc.letrec<{ data: JsonValue }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 3, depthIdentifier: "data" },
    { weight: 3, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(tie("data"), { maxLength: 4, depthIdentifier: "data" }) },
    {
      weight: 3,
      arbitrary: fc.array(fc.tuple(fc.constantFrom(...keys), tie("data")), { maxLength: 4, depthIdentifier: "data" }).map(objectOf),
    },
  ),
}));
/** The order that most paths look into. */
const order: fc.Arbitrary<JsonValue> = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constantFrom("a", "c"), number),
      fc.tuple(fc.constantFrom("b", "text"), text),
      fc.tuple(fc.constant("list"), fc.oneof(fc.array(number, { maxLength: 4 }), fc.array(text, { maxLength: 4 }))),
      fc.tuple(fc.constantFrom(...keys), data),
    ),
    { maxLength: 5 },
  )
  .map(objectOf);
const orders: fc.Arbitrary<JsonValue> = fc.array(order, { maxLength: 4 });

/** Through text, as all data come, so that `__proto__` is a member like any other. */
function objectOf(members: readonly (readonly [string, JsonValue])[]): JsonValue {
  return JSON.parse(`{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`) as JsonValue;
}

/** Variables as a state has them. */
export const variables: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.oneof(orders, data),
    fc.oneof(order, data),
    fc.oneof(number, data),
    fc.oneof(order, order, data),
    fc.oneof(orders, orders, data),
  )
  .map(([x, y, n, input, list]) => {
    const whole = typeof input === "object" && input !== null && !Array.isArray(input) ? { ...input, list } : input;
    return { x, y, n, states: { input: whole } };
  });

type Kind = "whole" | "any" | "number" | "text" | "list" | "object" | "truth" | "lambda" | "path" | "step";
type Part = fc.Arbitrary<string>;

/** Expressions made of all that the evaluator knows, and of a little that it does not. */
export const expressions: Part = fc.letrec<Record<Kind, string>>((tie) => {
  const [any, num, txt, list, object, truth, lambda] = [
    mostly(tie("any")),
    mostly(tie("number")),
    mostly(tie("text")),
    mostly(tie("list")),
    mostly(tie("object")),
    mostly(tie("truth")),
    tie("lambda"),
  ];
  /** A part of the kind that its place takes, sometimes of another. */
  function mostly(part: Part): Part {
    return fc.oneof({ weight: 9, arbitrary: part }, { weight: 1, arbitrary: tie("any") });
  }
  const depth = { maxDepth: 5, depthIdentifier: "expression" };
  const oneOf = (first: Part, ...others: Part[]): Part => fc.oneof(depth, first, ...others);
  const unary = (names: string, part: Part): Part => of((name, one) => `$${name}(${one})`, namesIn(names), part);
  const binary = (names: string, part: Part, more: Part): Part =>
    of((name, one, two) => `$${name}(${one}, ${two})`, namesIn(names), part, more);
  const either = of((condition, then, other) => `(${condition} ? ${then} : ${other})`, truth, any, any);
  const block = of((value, rest, last) => `($v := ${value}; $w := ${rest}; ${last})`, any, any, any);
  const call = of((called, one, other) => `(${called})(${one}, ${other})`, lambda, any, any);
  const path = tie("path");
  return {
    whole: fc.oneof(
      any,
      any.map((body) => `$states.input.(${body})`),
      any.map((body) => `$x.(${body})`),
      any.map((body) => `$map($x, function($v, $i){${body}})`),
      of((value, body) => `($v := ${value}; ${body})`, object, any),
    ),
    any: oneOf(
      fc.constantFrom("null", "$none", "$v", "$w", "$i", "$x", "$y", "$n", "$", "$$", "$states.input", "a", "b", "c"),
      ...[tie("number"), tie("text"), tie("list"), tie("object"), tie("truth"), path, path, either, block, call],
      of((left, sign, right) => `${left} ${sign} ${right}`, any, fc.constantFrom("?:", "??"), any),
      of((value, name) => `${value} ~> $${name}`, any, namesIn("string boolean count type keys spread exists distinct")),
      of((value, called) => `${value} ~> ${called}`, any, lambda),
      of((value, called, begin) => `$reduce(${value}, ${called}, ${begin})`, list, lambda, any),
      of((value, called) => `$reduce(${value}, ${called})`, list, lambda),
      binary("single", list, lambda),
      binary("lookup", object, fc.constantFrom('"a"', '"b"', '"__proto__"', '"constructor"')),
      fc.constantFrom(
        "/a/",
        "$f",
        "$sum",
        "**",
        "a@$v.b",
        "a#$i",
        "$uppercase(?)",
        "|a|{'b':1}|",
        "function($v)<n:n>{$v}",
        "%",
        "constructor",
      ),
    ),
    number: oneOf(
      fc.constantFrom(...numbers, "$n", "a", "$v", "$i", "$v.a", "$states.input.a", "$.c", "list", "$v.c").map(String),
      of((left, sign, right) => `${left} ${sign} ${right}`, num, fc.constantFrom("+", "-", "*", "/", "%"), num),
      of((value) => `-${value}`, num),
      unary("floor ceil abs sqrt round", num),
      unary("sum max min average count", list),
      unary("number length", txt),
      binary("round power", num, num),
      of((value) => `$number(${value})`, fc.oneof(num, truth)),
      fc.constant("$millis()"),
    ),
    text: oneOf(
      fc.constantFrom(...texts.map((each) => JSON.stringify(each)), "b", "$v.b", "text", "$states.input.b", "$.text"),
      of((left, right) => `${left} & ${right}`, any, any),
      unary("uppercase lowercase trim", txt),
      unary("string type", any),
      of((value) => `$string(${value}, true)`, any),
      binary("substring pad", txt, num),
      of((value, from, length) => `$substring(${value}, ${from}, ${length})`, txt, num, num),
      of((value, width, char) => `$pad(${value}, ${width}, ${char})`, txt, num, txt),
      binary("substringBefore substringAfter", txt, txt),
      binary("join", list, txt),
      of((value, pattern, by) => `$replace(${value}, ${pattern}, ${by})`, txt, txt, txt),
      of((value, pattern, by, limit) => `$replace(${value}, ${pattern}, ${by}, ${limit})`, txt, txt, txt, num),
      fc.constantFrom(
        "$now()",
        '$hash(b, "MD5")',
        "$fromMillis(0)",
        "$fromMillis(c)",
        "$string($toMillis($now()))",
        "$fromMillis($toMillis($now()) + $n)",
        "$uppercase()",
        "$string()",
        "$trim()",
      ),
    ),
    list: oneOf(
      fc.constantFrom(
        "$x",
        "list",
        "$states.input.list",
        "$v",
        "$v.list",
        "$x.a",
        "$x.b",
        "$x.list",
        "$states.input.list.a",
        "[]",
        "[[1, 2], [3]]",
      ),
      fc.array(any, { maxLength: 3, depthIdentifier: "expression" }).map((each) => `[${each.join(", ")}]`),
      of((from, to) => `[${from}..${to}]`, num, num),
      of((value, called) => `$map(${value}, ${called})`, list, lambda),
      of((value, called) => `$filter(${value}, ${called})`, list, lambda),
      of((value, called) => `$sort(${value}, ${called})`, list, lambda),
      unary("sort reverse distinct spread keys", list),
      of((value, called) => `$each(${value}, ${called})`, object, lambda),
      unary("keys spread", object),
      binary("append zip", list, list),
      binary("split", txt, txt),
      of((value, by, limit) => `$split(${value}, ${by}, ${limit})`, txt, txt, num),
      binary("partition", list, num),
      of((from, to, by) => `$range(${from}, ${to}, ${by})`, num, num, num),
      path,
    ),
    object: oneOf(
      fc.constantFrom("$y", "$states.input", "$x[0]", "$v", "$", "{}", "$states"),
      of((key, value, other, more) => `{${key}: ${value}, ${other}: ${more}}`, txt, any, txt, any),
      of((value, key, own) => `${value}{${key}: ${own}}`, list, txt, any),
      of((value, called) => `$sift(${value}, ${called})`, object, lambda),
      unary("merge", list),
      of((value) => `$parse($string(${value}))`, any),
    ),
    truth: oneOf(
      fc.constantFrom("true", "false", "$exists(a)", "$v", "$v > 1", "$v.a"),
      of((left, sign, right) => `${left} ${sign} ${right}`, num, fc.constantFrom("<", "<=", ">", ">="), num),
      of((left, sign, right) => `${left} ${sign} ${right}`, txt, fc.constantFrom("<", "<=", ">", ">="), txt),
      of((left, sign, right) => `${left} ${sign} ${right}`, any, fc.constantFrom("=", "!=", "in"), any),
      of((left, sign, right) => `${left} ${sign} ${right}`, truth, fc.constantFrom("and", "or"), truth),
      unary("boolean not exists", any),
      binary("contains", txt, txt),
    ),
    lambda: oneOf(
      fc.constantFrom("$string", "$uppercase", "$sum", "$boolean", "$append", "$type", "$v", "$abs", "$not", "$count", "function($v){$v}"),
      of((body) => `function($v){${body}}`, any),
      of((body) => `function($v, $i){${body}}`, any),
      of((body) => `function($v, $i, $w){${body}}`, any),
      of((sign) => `function($v, $i){$v ${sign} $i}`, fc.constantFrom("+", "&", ">", "<", "=")),
      of((body) => `function($v){${body}}`, truth),
    ),
    path: of(
      (first, one, two, three) => first + one + two + three,
      fc.oneof(
        fc.constantFrom("$x", "$y", "$v", "$states.input", "list", "$states.input.list", "$", "a", "c"),
        list.map((each) => `(${each})`),
      ),
      ...[tie("step"), oneOf(fc.constant(""), tie("step")), oneOf(fc.constant(""), tie("step"))],
    ),
    step: oneOf(
      fc.constantFrom(
        ".a",
        ".b",
        ".c",
        ".list",
        ".text",
        ".`__proto__`",
        ".*",
        ".length",
        "[0]",
        "[-1]",
        "[1]",
        "[]",
        "[[0,1]]",
        "[[0..1]]",
        "[a]",
      ),
      fc.constantFrom(
        ".a",
        ".b",
        ".list",
        "[a > 1]",
        '[b = "a"]',
        "^(a)",
        "^(>b)",
        "^(b, >a)",
        "{b: a}",
        "{b: $}",
        ".{b: a}",
        ".[a, b]",
        ".(a & b)",
      ),
      of((value) => `[${value}]`, truth),
      of((value) => `[${value}]`, num),
      of((value) => `.(${value})`, any),
      of((value) => `.[${value}]`, any),
      of((key, value) => `.{${key}: ${value}}`, txt, any),
      of((key, value) => `{${key}: ${value}}`, txt, any),
      of((one, other) => `^(${one}, >${other})`, num, txt),
      of((value) => `.${value}`, unary("string sum count keys uppercase type", any)),
      fc.constantFrom(".$string()", ".$uppercase(b)", ".$sum(list)", ".$count(list)", ".$keys()", ".**"),
    ),
  };
}).whole;

function of(template: (...parts: string[]) => string, ...parts: Part[]): Part {
  return fc.tuple(...parts).map((each) => template(...each));
}

function namesIn(names: string): Part {
  return fc.constantFrom(...names.split(" "));
}
