import { describe, expect, test } from "vitest";
import { defineKind, keyOf, kindOf, rangeOf } from "./index.ts";

const given = { owner: "test", kept: "for good" } as const;
const beans = defineKind({ ...given, prefix: "beans", holds: "beans" });
const cups = defineKind({ ...given, prefix: ["shelf", "cups"], holds: "cups" });
const jars = defineKind({ ...given, prefix: "jar:", holds: "jars" });

describe("a kind", () => {
  test("makes the keys that its prefix and the other parts make", () => {
    expect([beans.key(), beans.key("a", 7), cups.key(1), jars.key("12", "x")]).toEqual([
      keyOf("beans"),
      keyOf("beans", "a", 7),
      keyOf("shelf", "cups", 1),
      keyOf("jar:12", "x"),
    ]);
    expect([beans.range("a"), cups.range(), jars.range("12")]).toEqual([
      rangeOf("beans", "a"),
      rangeOf("shelf", "cups"),
      rangeOf("jar:12"),
    ]);
    expect(jars.range()).toEqual({ start: "jar:", end: "jar;" });
  });

  test("is found again by any of its keys", () => {
    const keys = [beans.key(), beans.key("a:b", 1), cups.key("x"), jars.key("3.1", "y"), keyOf("shelf", "plates"), keyOf("jar"), "beans"];
    expect(keys.map((key) => kindOf(key)?.holds)).toEqual(["beans", "beans", "cups", "jars", undefined, undefined, undefined]);
  });
});

// R1.
test.each([{ prefix: "beans" }, { prefix: ["beans", "roasted"] }, { prefix: "shelf" }, { prefix: ["shelf", "cups"] }, { prefix: "jar:" }])(
  "$prefix may not be declared again",
  ({ prefix }) => {
    expect(() => defineKind({ ...given, prefix, holds: "others" })).toThrow(
      /prefix ".*" of others \(test\) meets ".*" of (beans|cups|jars); expected a prefix of its own/,
    );
  },
);
