import type { Gap } from "./contract.ts";

const words = (cases: readonly string[]): string[] => cases.map((name) => `${name}: in AWS's words`);
const numbers = ["", " 1", "0x10", "NaN", "Infinity", "1_000", "1,5", "1e", "e5", "--1", "-"].map((text) => `number "${text}"`);
const keys = [
  "no attribute",
  "no sort key",
  "no partition key",
  "another attribute in its place",
  "a third attribute",
  "another type",
  "null",
];

/** Where DynamoDB Local 1.25.1 differs from DynamoDB itself, as AWS documents it or was seen to answer. In each of these the local platform is with AWS. */
export const dynamoDbLocalGaps: readonly Gap[] = [
  {
    cases: words([
      ...numbers,
      "39 digits",
      "a string set with the same twice",
      "a binary set with the same twice",
      ...["GetItem", "DeleteItem", "UpdateItem"].flatMap((operation) => keys.map((key) => `${operation} with ${key}`)),
      "an item without its sort key",
      "an item whose sort key has another type",
      "an item whose partition key has 2,049 bytes",
      "an item whose index key has another type",
      "an item whose index key is a list",
      'update of an index key to {"NULL":true}',
      "a table that is not there",
      "a table's name with a space",
      "PutItem has no ALL_NEW",
      "DeleteItem has no UPDATED_OLD",
      "query sk = :a 1",
      "query pk = :p AND num = :a 1",
      "query with a start without its sort key",
      "query with a start with more than the key",
      "query with a start on an index without the index's key",
      "query with a start in another partition",
      "query with Limit 0",
      "of a global index a consistent read",
      "of a global index the table's key",
      "scan with a segment of nothing",
      "scan with segments without a segment",
      "scan with a segment past the last",
      "scan with a start without its key",
      "scan with a consistent read of an index",
      "batch with an item without its key",
      "batch with a key that does not fit",
      "batch with a read key that does not fit",
      "batch on a table that is not there",
      "transaction on a table that is not there",
    ]),
    because: "the same refusal in words of its own",
  },
  { cases: ['number "٣": ValidationException', ...words(['number "٣"'])], because: "it takes the digits of every script" },
  { cases: ["a failed ConditionCheck gives its reason in the same words"], because: "it ends this one reason with a full stop" },
  {
    cases: [
      "transaction with an operand of the wrong type is cancelled for it",
      "transaction with an operand that is not there is cancelled for it",
      "transaction with a path that leads nowhere is cancelled for it",
      "transaction with an item that grows too large is cancelled for it",
      "transaction with a key that does not fit is cancelled for it",
    ],
    because: "it refuses the request where AWS cancels the transaction and gives the reason (API_TransactWriteItems, ValidationError)",
  },
  {
    cases: [
      "transaction with a key's attribute to update is cancelled for it",
      "transaction with an index key of another type is cancelled for it",
    ],
    because: "it gives fewer reasons, or in other words",
  },
  { cases: ["an index made later holds the items that were there"], because: "a new index takes items whose attribute has another type" },
  { cases: ["a table with figures for capacity on demand: ValidationException"], because: "it ignores the figures" },
  {
    cases: ["tags are kept, listed and taken away", "a table without point-in-time recovery says so"],
    because: "it has neither tags nor continuous backups",
  },
  {
    cases: [
      "encryption and class are kept, described and changed",
      ...["a class that there is not", "a key for no encryption", "a tag twice", "a reserved tag"].map(
        (what) => `a table with ${what}: ValidationException`,
      ),
    ],
    because: "it reads neither encryption nor class nor tags",
  },
  { cases: ["1e-130 - 1e-130"], because: "it writes zero with 130 decimals" },
  {
    cases: [
      "update SET g = :n: ValidationException",
      'update of an index key to {"S":"xxxxxxxxxxxxxx: ValidationException',
      ...words(["update SET g = :n", 'update of an index key to {"S":"xxxxxxxxxxxxxx']),
    ],
    because: "updates may give an index's key any scalar type and any length",
  },
  {
    cases: ["UPDATED_OLD of SET m.a = :v", "UPDATED_NEW of SET m.a = :v", "UPDATED_OLD of SET l[1] = :v", "UPDATED_NEW of SET l[1] = :v"],
    because: "it returns the whole attribute where AWS returns the nested part alone",
  },
  { cases: ["SIZE is reserved", "CONVERT is reserved"], because: "its list of reserved words lacks these two of AWS's" },
];
