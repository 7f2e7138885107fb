/** Generated items, updates and conditions: mostly ones that mean something, on few names, so that paths meet values. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { BOOL, type Item, NULL } from "./fixture.ts";

const names = ["va", "vb", "vc", "vd"] as const;
const text = fc.constantFrom("", "a", "ab", "b", "ä😀");
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map(String),
  fc.constantFrom("0.5", "1e3", "12345678901234567890123456789012345678"),
);
const byte = fc.uint8Array({ minLength: 0, maxLength: 2 });
const members = <T>(member: fc.Arbitrary<T>, by: (one: T) => unknown) =>
  fc.uniqueArray(member, { minLength: 1, maxLength: 3, selector: by });

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
  byte.map((B) => ({ B })),
  fc.boolean().map(BOOL),
  fc.constant(NULL),
);
const set: fc.Arbitrary<AttributeValue> = fc.oneof(
  members(text, (one) => one).map((SS) => ({ SS })),
  members(number, Number).map((NS) => ({ NS })),
  members(byte, (one) => one.join()).map((BS) => ({ BS })),
);
export const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    { weight: 2, arbitrary: set },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 3 }).map((L) => ({ L })) },
    { weight: 2, arbitrary: fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 3 }).map((M) => ({ M })) },
  ),
})).value;
/** Mostly a value of the kind that goes with a name, so that operations find what they can work on. */
const mostly = (kind: fc.Arbitrary<AttributeValue>): fc.Arbitrary<AttributeValue> =>
  fc.oneof({ weight: 3, arbitrary: kind }, { weight: 1, arbitrary: value });
const numbers = number.map((N) => ({ N }));
const lists = fc.array(value, { maxLength: 3 }).map((L) => ({ L }));
const maps = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 }).map((M) => ({ M }));
const textSets = members(text, (one) => one).map((SS) => ({ SS }));
export const attributes: fc.Arbitrary<Item> = fc.record(
  { va: mostly(numbers), vb: mostly(lists), vc: mostly(maps), vd: mostly(textSets) },
  { requiredKeys: [] },
);

/** `va`, `va.vb`, `va[1].vc`. */
const path = fc
  .tuple(
    fc.constantFrom(...names),
    fc.array(
      fc.oneof(
        fc.constantFrom(...names).map((name) => `.${name}`),
        fc.nat(3).map((at) => `[${at}]`),
      ),
      { maxLength: 2 },
    ),
  )
  .map(([name, steps]) => name + steps.join(""));
const placeholder = fc.constantFrom(":p", ":q", ":r");
const operand = fc.oneof(path, placeholder);

const setValue = fc.oneof(
  operand,
  fc.tuple(operand, fc.constantFrom("+", "-"), operand).map((parts) => parts.join(" ")),
  fc.tuple(path, operand).map(([first, second]) => `if_not_exists(${first}, ${second})`),
  fc.tuple(operand, operand).map(([first, second]) => `list_append(${first}, ${second})`),
  fc.tuple(path, placeholder, operand).map(([first, second, third]) => `if_not_exists(${first}, ${second}) + ${third}`),
);
const own = (kind: (typeof names)[number]) => fc.oneof({ weight: 2, arbitrary: fc.constant<string>(kind) }, { weight: 1, arbitrary: path });
const sections = {
  SET: fc.tuple(path, setValue).map(([target, source]) => `${target} = ${source}`),
  REMOVE: path,
  ADD: fc.tuple(fc.oneof(own("va"), own("vd")), placeholder).map((parts) => parts.join(" ")),
  DELETE: fc.tuple(own("vd"), fc.oneof(fc.constant(":r"), placeholder)).map((parts) => parts.join(" ")),
};
const order = ["SET", "REMOVE", "ADD", "DELETE"] as const;
const single = fc.oneof(...order.map((section) => sections[section].map((action) => `${section} ${action}`)));
const several = fc
  .tuple(
    ...order.map((section) =>
      fc.array(sections[section], { maxLength: 2 }).map((actions) => (actions.length === 0 ? "" : `${section} ${actions.join(", ")}`)),
    ),
  )
  .map((parts) => parts.filter((part) => part !== "").join(" "))
  .filter((text) => text !== "");
/** One action most times: of several, one is likely to be refused. */
export const update: fc.Arbitrary<string> = fc.oneof({ weight: 2, arbitrary: single }, { weight: 1, arbitrary: several });

const size = path.map((one) => `size(${one})`);
const compared = fc.oneof({ weight: 3, arbitrary: operand }, { weight: 1, arbitrary: size });
const predicate = fc.oneof(
  fc.tuple(compared, fc.constantFrom("=", "<>", "<", "<=", ">", ">="), compared).map((parts) => parts.join(" ")),
  fc.tuple(compared, operand, operand).map(([one, low, high]) => `${one} BETWEEN ${low} AND ${high}`),
  fc.tuple(compared, fc.array(operand, { minLength: 1, maxLength: 3 })).map(([one, candidates]) => `${one} IN (${candidates.join(", ")})`),
  fc.tuple(fc.constantFrom("attribute_exists", "attribute_not_exists"), path).map(([name, one]) => `${name}(${one})`),
  fc.tuple(fc.constantFrom("begins_with", "contains"), operand, operand).map(([name, one, other]) => `${name}(${one}, ${other})`),
);
export const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    { weight: 4, arbitrary: predicate },
    { weight: 1, arbitrary: tie("condition").map((one) => `NOT ${one}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(tie("condition"), fc.constantFrom("AND", "OR"), predicate).map(([a, word, b]) => `(${a}) ${word} ${b}`),
    },
  ),
})).condition;

/** Values for all placeholders. */
export const given: fc.Arbitrary<Item> = fc.record({ ":p": mostly(numbers), ":q": mostly(lists), ":r": mostly(textSets) });
