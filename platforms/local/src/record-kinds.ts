/** The kinds of records of the platform itself. */
import { defineKind, type Kept, type Kind } from "@serverlesspresso/store";

const kind = (prefix: string, holds: string, kept: Kept): Kind => defineKind({ prefix, holds, owner: "platforms/local", kept });

/** The kinds of record that this platform stores, each with its prefix and how long it stays. */
export const kinds = {
  applied: kind("applied", "what the blueprint said at the last start", "for good"),
  audit: kind("audit", "what operators did, the last 100,000 acts", "for good"),
  clock: kind("clock", "the shop's time at the last flush", "for good"),
  idempotency: kind("hidem", "answers that earlier releases kept for repeated requests", "while needed"),
  keep: kind("keep", "how long the bar keeps what it leaves behind, as it was last started", "for good"),
  signature: kind("usedsig", "signatures of AWS calls that changed something, until 15 minutes past their date", "while needed"),
  stream: kind("stream", "changes of items to be delivered", "while needed"),
};
