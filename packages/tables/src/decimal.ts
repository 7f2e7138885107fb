/**
 * DynamoDB's numbers: up to 38 significant digits, magnitudes from 1E-130 to 9.99…E+125, kept as plain decimal text.
 *
 * D1. Equal numbers have equal text: no leading or trailing zeros, no exponent, no "-0".
 * D2. `orderedNumber` keeps the order of numbers as the order of texts by code point.
 */
import { invalid } from "./errors.ts";

/** The value is 0.`digits` × 10^`exponent`; zero has no digits. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const maxDigits = 38;
const grammar = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;
const plainInteger = /^(?:0|-?[1-9]\d{0,14})$/;

/**
 * The canonical text of a number (D1).
 * @throws {TablesError} `ValidationException` where the text is not a number, too large, too small or has more than 38 digits
 */
export function normaliseNumber(text: string): string {
  return plainInteger.test(text) ? text : format(checked(parse(text)));
}

/** The exact sum of two canonical numbers, canonical. */
export function addNumbers(a: string, b: string): string {
  if (plainInteger.test(a) && plainInteger.test(b)) return String(Number(a) + Number(b));
  const [x, y] = [parse(a), parse(b)];
  const scale = Math.max(x.digits.length - x.exponent, y.digits.length - y.exponent, 0);
  return format(checked(fromScaled(scaled(x, scale) + scaled(y, scale), scale)));
}

/** The number with its sign turned. */
export function negateNumber(text: string): string {
  if (text === "0") return text;
  return text.startsWith("-") ? text.slice(1) : `-${text}`;
}

/** Negative, 0 or positive as `a` is less than, equal to or greater than `b`; both canonical. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (plainInteger.test(a) && plainInteger.test(b)) return Number(a) - Number(b);
  return orderedNumber(a) < orderedNumber(b) ? -1 : 1;
}

/** A text that sorts as the number does (D2): sign, exponent, digits; for negatives all of it complemented. */
export function orderedNumber(canonical: string): string {
  const { negative, digits, exponent } = parse(canonical);
  if (digits === "") return "1";
  const biased = exponent + 500;
  if (!negative) return `2${biased}${digits}`;
  return `0${999 - biased}${digits.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}

function parse(text: string): Decimal {
  const match = grammar.exec(text);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (match === null || whole + fraction === "") {
    throw invalid(`The parameter cannot be converted to a numeric value${text === "" ? "" : `: ${text}`}`);
  }
  const all = whole + fraction;
  const leading = leadingZeros(all);
  const digits = withoutTrailingZeros(all.slice(leading));
  if (digits === "") return { negative: false, digits, exponent: 0 };
  return { negative: sign === "-", digits, exponent: whole.length - leading + Number(exponent) };
}

function leadingZeros(digits: string): number {
  let count = 0;
  while (digits.charCodeAt(count) === 48) count++;
  return count;
}

// A loop and not /0+$/, which takes quadratic time on long runs of zeros inside.
function withoutTrailingZeros(digits: string): string {
  let length = digits.length;
  while (length > 0 && digits.charCodeAt(length - 1) === 48) length--;
  return digits.slice(0, length);
}

function checked(decimal: Decimal): Decimal {
  const { digits, exponent } = decimal;
  if (digits.length > maxDigits) throw invalid("Attempting to store more than 38 significant digits in a Number");
  if (exponent > 126) throw invalid("Number overflow. Attempting to store a number with magnitude larger than supported range");
  if (digits !== "" && exponent < -129) {
    throw invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range");
  }
  return decimal;
}

function format({ negative, digits, exponent }: Decimal): string {
  if (digits === "") return "0";
  const sign = negative ? "-" : "";
  if (exponent <= 0) return `${sign}0.${"0".repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return sign + digits + "0".repeat(exponent - digits.length);
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/** The number times 10^`scale`, whole. */
function scaled({ negative, digits, exponent }: Decimal, scale: number): bigint {
  const coefficient = BigInt(digits || "0") * 10n ** BigInt(scale - (digits.length - exponent));
  return negative ? -coefficient : coefficient;
}

function fromScaled(value: bigint, scale: number): Decimal {
  const negative = value < 0n;
  const all = (negative ? -value : value).toString();
  const digits = withoutTrailingZeros(all);
  return digits === "" ? { negative: false, digits, exponent: 0 } : { negative, digits, exponent: all.length - scale };
}
