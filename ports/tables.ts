import type { JsonValue } from "./json.ts";

/** A value as services see it: DynamoDB's types as plain values. A `Set` of strings or numbers is SS or NS, a `Uint8Array` is B. */
export type PlainValue =
  | JsonValue
  | ReadonlySet<string>
  | ReadonlySet<number>
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };
/** An item, or a key, as plain values instead of DynamoDB's typed ones. */
export type Item = { readonly [attribute: string]: PlainValue };

/** The parts every expression shares: `names` are `#placeholders`, `values` are `:placeholders`. */
export interface Expressions {
  readonly conditionExpression?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, PlainValue>>;
}
/**
 * Writes a whole item. Rejects with `ConditionalCheckFailedException` where the condition does not hold.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */
export interface PutItem extends Expressions {
  readonly tableName: string;
  readonly item: Item;
}
/**
 * Changes an item, which is made if it is missing. Rejects with `ConditionalCheckFailedException`.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
export interface UpdateItem extends Expressions {
  readonly tableName: string;
  readonly key: Item;
  readonly updateExpression: string;
}
/**
 * Deletes an item, if there is one. Rejects with `ConditionalCheckFailedException`.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
 */
export interface DeleteItem extends Expressions {
  readonly tableName: string;
  readonly key: Item;
}
/**
 * Reads items of one partition in the order of their sort keys.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
export interface Query {
  readonly tableName: string;
  readonly indexName?: string;
  readonly keyConditionExpression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, PlainValue>>;
  /** Default true: ascending by sort key. */
  readonly scanIndexForward?: boolean;
  readonly limit?: number;
  readonly exclusiveStartKey?: Item;
}
/**
 * One action of a transaction: all of them take effect, or none.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export type TransactItem =
  | { readonly put: PutItem }
  | { readonly update: UpdateItem }
  | { readonly delete: DeleteItem }
  | { readonly conditionCheck: DeleteItem };

/**
 * DynamoDB's verbs over plain values. Every write is durable once its promise resolves.
 * Failures carry AWS's code in `name`: `ConditionalCheckFailedException`, `TransactionCanceledException` (with `cancellationReasons`,
 * one `{code}` for each item, `None` where it would have passed), `ValidationException`, `ResourceNotFoundException`.
 */
export interface Tables {
  /** Strongly consistent. */
  getItem(request: { readonly tableName: string; readonly key: Item }): Promise<Item | undefined>;
  putItem(request: PutItem): Promise<void>;
  /** Resolves with all attributes after the update. */
  updateItem(request: UpdateItem): Promise<Item>;
  deleteItem(request: DeleteItem): Promise<void>;
  query(request: Query): Promise<{ readonly items: readonly Item[]; readonly lastEvaluatedKey?: Item }>;
  /** All or nothing, at most 100 items. */
  transactWriteItems(items: readonly TransactItem[]): Promise<void>;
}
