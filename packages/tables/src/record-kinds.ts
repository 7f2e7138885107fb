/** The kinds of records of tables. */
import { defineKind, type Kept, type Kind } from "@serverlesspresso/store";

const kind = (prefix: string | readonly string[], holds: string, kept: Kept): Kind => defineKind({ prefix, holds, owner: "tables", kept });

/** The kinds of record that this package stores, each with its prefix and how long it stays. */
export const kinds = {
  definitions: kind(["t", "table"], "tables", "for good"),
  nextId: kind(["t", "next"], "the number of the next table", "for good"),
  tokens: kind(["t", "token"], "tokens of transactions", "while needed"),
  tokenEnds: kind(["t", "token-end"], "ends of tokens of transactions", "while needed"),
  streamReaders: kind(["t", "stream-reader"], "streams that somebody reads", "while needed"),
  streamRecords: kind(["t", "stream"], "changes of items, for who reads the stream", "while needed"),
  expiring: kind(["t", "expiring"], "long keys of items that end", "while needed"),
  /** Of each table, and of each of its indexes: the group is the first part. */
  items: kind("t:", "items and entries of indexes", "for good"),
};
