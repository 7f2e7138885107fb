/** The table most cases use, and short ways to write its items. */
import type { AttributeValue, CreateTableCommandInput, DynamoDB } from "@aws-sdk/client-dynamodb";
import type { Contract } from "../contract.ts";

export type Item = Record<string, AttributeValue>;

export const S = (text: string): AttributeValue => ({ S: text });
export const N = (number: number | string): AttributeValue => ({ N: String(number) });
export const B = (...bytes: number[]): AttributeValue => ({ B: Uint8Array.from(bytes) });
export const L = (...elements: AttributeValue[]): AttributeValue => ({ L: elements });
export const M = (members: Item): AttributeValue => ({ M: members });
export const SS = (...members: string[]): AttributeValue => ({ SS: members });
export const NS = (...members: (number | string)[]): AttributeValue => ({ NS: members.map(String) });
export const BS = (...members: number[][]): AttributeValue => ({ BS: members.map((bytes) => Uint8Array.from(bytes)) });
export const BOOL = (value: boolean): AttributeValue => ({ BOOL: value });
export const NULL: AttributeValue = { NULL: true };

export const TableName = "contract-items";

const types = { pk: "S", sk: "N", g: "S", h: "N", ls: "S" } as const;
export const definition: CreateTableCommandInput = {
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: Object.entries(types).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
  KeySchema: keys("pk", "sk"),
  GlobalSecondaryIndexes: [
    { IndexName: "byG", KeySchema: keys("g", "h"), Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["extra"] } },
    { IndexName: "keysOnly", KeySchema: keys("g"), Projection: { ProjectionType: "KEYS_ONLY" } },
    { IndexName: "whole", KeySchema: keys("h"), Projection: { ProjectionType: "ALL" } },
  ],
  LocalSecondaryIndexes: [{ IndexName: "byLs", KeySchema: keys("pk", "ls"), Projection: { ProjectionType: "KEYS_ONLY" } }],
};

/** A key schema of one or two attributes. */
export function keys(hash: string, sort?: string) {
  return [
    { AttributeName: hash, KeyType: "HASH" as const },
    ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: "RANGE" as const }]),
  ];
}

/** Makes a table and waits until it is active. */
export async function createTable(tables: DynamoDB, request: CreateTableCommandInput): Promise<void> {
  await tables.createTable(request);
  const status = async () => (await tables.describeTable({ TableName: request.TableName })).Table?.TableStatus;
  while ((await status()) !== "ACTIVE") await new Promise((resolve) => setTimeout(resolve, 100));
}

/** The fixture's table for the cases of a contract. */
export function withTable({ before, after }: Contract<DynamoDB>): void {
  before((tables) => createTable(tables, definition));
  after((tables) => tables.deleteTable({ TableName }));
}

let partitions = 0;
/** A key in a partition of its own. */
export function freshKey(): { pk: AttributeValue; sk: AttributeValue } {
  return { pk: S(`case-${partitions++}`), sk: N(1) };
}

/** An item without the key's attributes, sets in order: as it compares. */
export function plain(item: Item | undefined): Item | undefined {
  if (item === undefined) return undefined;
  const { pk: _pk, sk: _sk, ...others } = item;
  return inOrder(others) as Item;
}

/** Sets have no order. */
export function inOrder(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const ordered = inOrder(member);
      return [name, /^[SNB]S$/.test(name) && Array.isArray(ordered) ? ordered.toSorted(byText) : ordered];
    }),
  );
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** The members of `all` that a text names, under the request's member; nothing where it names none. */
function named<Member extends string, Value>(member: Member, all: Readonly<Record<string, Value>>, text: string) {
  const found = Object.entries(all).filter(([name]) => new RegExp(`${name}(?![A-Za-z0-9_])`).test(text));
  return found.length === 0 ? {} : ({ [member]: Object.fromEntries(found) } as { [Key in Member]: Record<string, Value> });
}
/** The placeholders that a text uses, out of a dictionary; `#name` stands for `name`. */
export function placeholders(text: string, values: Item) {
  const names = Object.fromEntries((text.match(/#\w+/g) ?? []).map((name) => [name, name.slice(1)]));
  return { ...named("ExpressionAttributeNames", names, text), ...named("ExpressionAttributeValues", values, text) };
}

/** An item with an attribute of each of DynamoDB's ten types. */
export const everyType: Item = {
  s: S("latte"),
  n: N(5),
  l: L(S("x"), N(2)),
  m: M({ a: S("y"), b: L(N(1)) }),
  ss: SS("a", "b"),
  ns: NS(1, 2),
  bs: BS([1], [2]),
  b: B(1, 2, 3),
  t: BOOL(true),
  z: NULL,
};
