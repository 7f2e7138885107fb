/** Sizes as DynamoDB counts them: names and texts in UTF-8, numbers half a byte a digit, 3 bytes and 1 an element for lists and maps. */
import { type AttributeMap, type AttributeValue, contentOf, typeOf } from "./attribute-value.ts";

/** The most bytes of one item. */
export const maxItemBytes = 409_600;

/** An item's size in bytes. */
export function itemBytes(item: AttributeMap): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += Buffer.byteLength(name) + valueBytes(item[name] as AttributeValue);
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  const content = contentOf(value);
  switch (typeOf(value)) {
    case "S":
      return Buffer.byteLength(content as string);
    case "N":
      return numberBytes(content as string);
    case "B":
      return binaryBytes(content as string);
    case "SS":
      return sum(content as string[], (member) => Buffer.byteLength(member));
    case "NS":
      return sum(content as string[], numberBytes);
    case "BS":
      return sum(content as string[], binaryBytes);
    case "M":
      return 3 + Object.keys(content as AttributeMap).length + itemBytes(content as AttributeMap);
    case "L":
      return 3 + sum(content as AttributeValue[], (element) => 1 + valueBytes(element));
    default:
      return 1;
  }
}

function sum<T>(members: readonly T[], bytesOf: (member: T) => number): number {
  return members.reduce((total, member) => total + bytesOf(member), 0);
}

/** The bytes behind canonical base64. */
export function binaryBytes(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

function numberBytes(text: string): number {
  const digits = text.replace(/[-.]/g, "").replace(/^0+/, "");
  let significant = digits.length;
  while (significant > 0 && digits.charCodeAt(significant - 1) === 48) significant--;
  return Math.ceil(significant / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}
