import { expect, test } from "vitest";
import { type ArrayFormat, encodeForm } from "./form-encoding.ts";

test.each<{ format: ArrayFormat; gives: string }>([
  { format: "INDICES", gives: "array[0]=a&array[1]=b%26c" },
  { format: "REPEAT", gives: "array=a&array=b%26c" },
  { format: "BRACKETS", gives: "array[]=a&array[]=b%26c" },
  { format: "COMMAS", gives: "array=a,b%26c" },
  { format: "NONE", gives: "array=%5B%22a%22%2C%22b%26c%22%5D" },
])("lists: $format", ({ format, gives }) => expect(encodeForm({ array: ["a", "b&c"] }, format)).toBe(gives));

test("members of members, numbers and nothing", () => {
  expect(encodeForm({ a: { "b c": 1, d: true }, e: null, f: "größer =" }, "INDICES")).toBe(
    "a[b%20c]=1&a[d]=true&e=null&f=gr%C3%B6%C3%9Fer%20%3D",
  );
});
