/** TransactWriteItems and TransactGetItems. */
import type { DynamoDB, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals, failureOf } from "../failures.ts";
import { freshKey, type Item, N, S, SS, TableName } from "./fixture.ts";

const put = (Item: Item, more = {}): TransactWriteItem => ({ Put: { TableName, Item, ...more } });
const remove = (Key: Item, more = {}): TransactWriteItem => ({ Delete: { TableName, Key, ...more } });
const check = (Key: Item, ConditionExpression: string, more = {}): TransactWriteItem => ({
  ConditionCheck: { TableName, Key, ConditionExpression, ...more },
});
const update = (Key: Item, UpdateExpression: string, value: Item[string], more = {}): TransactWriteItem => ({
  Update: { TableName, Key, UpdateExpression, ExpressionAttributeValues: { ":v": value }, ...more },
});
const write = (tables: DynamoDB, ...TransactItems: TransactWriteItem[]) => tables.transactWriteItems({ TransactItems });
const read = (tables: DynamoDB, ...keys: Item[]) =>
  tables.transactGetItems({ TransactItems: keys.map((Key) => ({ Get: { TableName, Key } })) });
const itemOf = async (tables: DynamoDB, Key: Item) => (await tables.getItem({ TableName, Key, ConsistentRead: true })).Item;
const absent = "attribute_not_exists(pk)";
const present = "attribute_exists(pk)";
const conditionFailed = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
const cancelled = (codes: string): string => `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;

export function checkTransactions(contract: Contract<DynamoDB>): void {
  contract.check("all of a transaction's writes are made", async (tables) => {
    const [made, changed, gone, seen] = [freshKey(), freshKey(), freshKey(), freshKey()];
    for (const key of [gone, seen]) await tables.putItem({ TableName, Item: key });
    await write(
      tables,
      put({ ...made, v: N(1) }, { ConditionExpression: absent }),
      update(changed, "SET v = :v", N(2)),
      remove(gone),
      check(seen, present),
    );
    expect(await Promise.all([made, changed, gone, seen].map((key) => itemOf(tables, key)))).toEqual([
      { ...made, v: N(1) },
      { ...changed, v: N(2) },
      undefined,
      seen,
    ]);
  });
  contract.check("one condition that fails cancels all, with a reason for each", async (tables) => {
    const [there, fresh, missing] = [freshKey(), freshKey(), freshKey()];
    const old = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
    await tables.putItem({ TableName, Item: { ...there, v: S("old") } });
    const failure = await failureOf(
      write(
        tables,
        put(fresh),
        put(there, { ConditionExpression: absent, ...old }),
        remove(missing, { ConditionExpression: present, ...old }),
      ),
    );
    expect([failure.name, failure.message]).toEqual([
      "TransactionCanceledException",
      cancelled("None, ConditionalCheckFailed, ConditionalCheckFailed"),
    ]);
    expect(failure.CancellationReasons).toEqual([
      { Code: "None" },
      { ...conditionFailed, Item: { ...there, v: S("old") } },
      conditionFailed,
    ]);
    expect(await itemOf(tables, fresh)).toBeUndefined();
  });
  contract.check("a failed ConditionCheck gives its reason in the same words", async (tables) => {
    const failure = await failureOf(write(tables, check(freshKey(), present)));
    expect(failure.CancellationReasons).toEqual([conditionFailed]);
  });
  checkReasons(contract);
  checkTokens(contract);
  checkReads(contract);
  const many = Array.from({ length: 101 }, freshKey);
  const huge = Array.from({ length: 11 }, () => put({ ...freshKey(), v: S("x".repeat(400_000)) }));
  const twice = freshKey();
  checkRefusals(
    contract,
    (
      [
        ["no item", (tables) => write(tables), undefined],
        ["101 items", (tables) => write(tables, ...many.map((key) => put(key))), undefined],
        [
          "one item twice",
          (tables) => write(tables, put(twice), remove(twice)),
          "Transaction request cannot include multiple operations on one item",
        ],
        ["more than 4 MB", (tables) => write(tables, ...huge), undefined],
        ["nothing to do", (tables) => write(tables, {}), undefined],
        [
          "put and delete in one",
          (tables) => write(tables, { ...put(freshKey()), ...remove(freshKey()) }),
          "TransactItems can only contain one of Check, Put, Update or Delete",
        ],
        [
          "a syntax error",
          (tables) => write(tables, update(freshKey(), "SET = :v", N(1))),
          'Invalid UpdateExpression: Syntax error; token: "=", near: "SET = :v"',
        ],
        [
          "an item too large",
          (tables) => write(tables, put({ ...freshKey(), v: S("x".repeat(409_600)) })),
          "Item size has exceeded the maximum allowed size",
        ],
        [
          "an empty key",
          (tables) => write(tables, put(freshKey()), put({ pk: S(""), sk: N(1) })),
          "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
        ],
        [
          "an empty key to delete",
          (tables) => write(tables, remove({ pk: S(""), sk: N(1) })),
          "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
        ],
        ["101 reads", (tables) => read(tables, ...many), undefined],
        [
          "one item read twice",
          (tables) => read(tables, twice, twice),
          "Transaction request cannot include multiple operations on one item",
        ],
      ] as readonly (readonly [string, (tables: DynamoDB) => Promise<unknown>, string | undefined])[]
    ).map(([name, run, words]) => ({
      name: `transaction with ${name}`,
      run,
      code: "ValidationException",
      ...(words !== undefined && { words }),
    })),
  );
  checkRefusals(contract, [
    {
      name: "transaction on a table that is not there",
      run: (tables) => tables.transactWriteItems({ TransactItems: [{ Put: { TableName: "no-such-table", Item: freshKey() } }] }),
      code: "ResourceNotFoundException",
      words: "Requested resource not found",
    },
  ]);
}

function checkReasons(contract: Contract<DynamoDB>): void {
  const Key = freshKey();
  contract.before((tables) => tables.putItem({ TableName, Item: { ...Key, s: S("text") } }));
  for (const [name, item, Message] of [
    [
      "an operand of the wrong type",
      () => update(Key, "SET s = s + :v", N(1)),
      "An operand in the update expression has an incorrect data type",
    ],
    [
      "an operand that is not there",
      () => update(Key, "SET x = q + :v", N(1)),
      "The provided expression refers to an attribute that does not exist in the item",
    ],
    [
      "a path that leads nowhere",
      () => update(Key, "SET q.a = :v", N(1)),
      "The document path provided in the update expression is invalid for update",
    ],
    [
      "an item that grows too large",
      () => update(Key, "SET x = :v", S("x".repeat(409_600))),
      "Item size to update has exceeded the maximum allowed size",
    ],
    [
      "a key's attribute to update",
      () => update(Key, "SET sk = :v", N(1)),
      "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key",
    ],
    ["a key that does not fit", () => remove({ pk: S("x") }), "The provided key element does not match the schema"],
    [
      "an index key of another type",
      () => put({ ...Key, g: N(1) }),
      "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: byG",
    ],
  ] as const) {
    contract.check(`transaction with ${name} is cancelled for it`, async (tables) => {
      const other = freshKey();
      const failure = await failureOf(write(tables, put(other), item()));
      expect([failure.name, failure.CancellationReasons]).toEqual([
        "TransactionCanceledException",
        [{ Code: "None" }, { Code: "ValidationError", Message }],
      ]);
      expect(await itemOf(tables, other)).toBeUndefined();
    });
  }
}

function checkTokens(contract: Contract<DynamoDB>): void {
  const count = (Key: Item, by: number) => update(Key, "ADD n :v", N(by));
  contract.check("the same token does nothing a second time", async (tables) => {
    const Key = freshKey();
    const request = { TransactItems: [count(Key, 1)], ClientRequestToken: `token-${Key.pk.S}` };
    await tables.transactWriteItems(request);
    await tables.transactWriteItems(request);
    expect(await itemOf(tables, Key)).toEqual({ ...Key, n: N(1) });
    const other = { ...request, TransactItems: [count(Key, 2)] };
    expect((await failureOf(tables.transactWriteItems(other))).name).toBe("IdempotentParameterMismatchException");
    await tables.transactWriteItems({ ...request, ClientRequestToken: `another-${Key.pk.S}` });
    expect(await itemOf(tables, Key)).toEqual({ ...Key, n: N(2) });
  });
  contract.check("the same token with the same values in another order does nothing a second time", async (tables) => {
    const Key = freshKey();
    const ClientRequestToken = `order-${Key.pk.S}`;
    const once = { TableName, Key, UpdateExpression: "ADD n :v, tags :t", ExpressionAttributeValues: { ":v": N(1), ":t": SS("a", "b") } };
    const again = {
      ExpressionAttributeValues: { ":t": SS("b", "a"), ":v": N(1) },
      UpdateExpression: once.UpdateExpression,
      Key: { sk: Key.sk, pk: Key.pk },
      TableName,
    };
    for (const Update of [once, again]) await tables.transactWriteItems({ TransactItems: [{ Update }], ClientRequestToken });
    expect((await itemOf(tables, Key))?.n).toEqual(N(1));
  });
  contract.check("a token of 37 characters is refused", (tables) =>
    expect(tables.transactWriteItems({ TransactItems: [count(freshKey(), 1)], ClientRequestToken: "x".repeat(37) })).rejects.toMatchObject({
      name: "ValidationException",
    }),
  );
}

function checkReads(contract: Contract<DynamoDB>): void {
  contract.check("a transaction reads in the order asked, nothing for what is not there", async (tables) => {
    const [one, two, missing] = [freshKey(), freshKey(), freshKey()];
    await write(tables, put({ ...one, v: N(1) }), put({ ...two, v: N(2), w: N(3) }));
    const { Responses } = await tables.transactGetItems({
      TransactItems: [
        { Get: { TableName, Key: two, ProjectionExpression: "w" } },
        { Get: { TableName, Key: missing } },
        { Get: { TableName, Key: one } },
      ],
    });
    expect(Responses).toEqual([{ Item: { w: N(3) } }, {}, { Item: { ...one, v: N(1) } }]);
  });
  contract.check("a transaction costs double", async (tables) => {
    const [one, two] = [freshKey(), freshKey()];
    const written = await tables.transactWriteItems({ TransactItems: [put(one), put(two)], ReturnConsumedCapacity: "TOTAL" });
    expect(written.ConsumedCapacity).toMatchObject([{ TableName, CapacityUnits: 4, WriteCapacityUnits: 4 }]);
    const found = await tables.transactGetItems({ TransactItems: [{ Get: { TableName, Key: one } }], ReturnConsumedCapacity: "TOTAL" });
    expect(found.ConsumedCapacity).toMatchObject([{ TableName, CapacityUnits: 2, ReadCapacityUnits: 2 }]);
  });
}
