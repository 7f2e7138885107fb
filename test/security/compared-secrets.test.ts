/** What proves something is compared in constant time: no code, token, password, secret, signature or hash of one by an operator or a method that stops at the first difference. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { root } from "../../tools/install.mjs";

/** Comparisons of things so named, each for its reason: neither side is what a stranger says, or none of it is secret. */
const exceptions: Readonly<Record<string, string>> = {
  "packages/event-bus/src/retry-policy.ts: code === name": "an error's name",
  "packages/identity/src/authentication.ts: current?.passwordHash !== user.passwordHash":
    "stored then and now: whether it changed while the hash was computed",
  "packages/identity/src/own-account.ts: user.passwordHash !== previous": "stored then and now",
  "packages/identity/src/sign-in.ts: current.passwordHash !== user.passwordHash": "stored then and now",
  "packages/identity/src/sign-in.ts: current?.passwordHash === user.passwordHash": "stored then and now",
  "packages/logs/src/filter/regular-expression.ts: code === want": "a character",
  "packages/states-language/src/json-path-parser.ts: text.startsWith(expected, at)": "a sign of the grammar",
  "packages/tables/src/key-condition.ts: condition !== hash": "a hash key",
  "packages/tables/src/key-schema.ts: hash === sort": "a hash key",
  "packages/workflow/src/integrations/task-errors.ts: errors.modelled?.includes(code)": "an error's name",
  "packages/workflow/src/integrations/task-errors.ts: errors.unmodelled?.includes(code)": "an error's name",
  "packages/workflow/src/integrations/task-errors.ts: seldomModelled.includes(code)": "an error's name",
  "packages/workflow/src/redrive.ts: token === clientToken": "the name of a repeated request",
  "packages/workflow/src/state-machines.ts: current.definition !== hash": "of a definition",
  "packages/workflow/src/state-machines.ts: current.definition === hash": "of a definition",
  "platforms/aws/move/data-file.ts: found !== expected": "a number of items",
  "platforms/aws/src/checks/website.ts: ErrorCode === status": "an error's number",
  "platforms/local/src/applied.ts: tx.get<string>(key) === hash": "of the blueprint",
  "platforms/local/src/audit/audit.ts: name === code": "an error's name",
  "platforms/local/src/aws/failure.ts: error.name === code": "an error's name",
  'platforms/local/src/buckets/buckets.ts: ["ENOENT", "ENOTDIR", "ELOOP", "EISDIR"].includes(error.code ?? "")': "an error's name",
  "services/order-processor/token.ts: taskToken === token.taskToken": "the order's own, and the workflow's event: whether it came before",
  "services/order-processor/workflow-started.ts: order.taskToken === taskToken":
    "whether the order holds the token of the event at hand; who sends events holds the token already",
  "services/validator/get-code.ts: (window.subCodes !== undefined) === subCode": "a switch",
};

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && typeof (value as Node).type === "string";
const named = /(?:code|token|password|secret|signature|verifier|digest|hash|mac|(?<!e)tag|expected)$/i;
/** Methods that compare the whole of their object too. */
const whole = new Set(["localeCompare", "equals"]);
const comparing = new Set(["includes", "indexOf", "localeCompare", "startsWith", "endsWith", "equals", "compare"]);

/** Whether an expression is a thing of such a name. */
function isSecret(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === "Identifier") return named.test(String(node.name));
  if (node.type === "MemberExpression") return node.computed !== true && isSecret(node.property);
  if (["ChainExpression", "TSNonNullExpression", "TSAsExpression", "AwaitExpression"].includes(node.type))
    return isSecret(node.expression ?? node.argument);
  return node.type === "LogicalExpression" && (isSecret(node.left) || isSecret(node.right));
}

/** A text, number or `undefined` that stands in the source. */
function isFixed(node: unknown): boolean {
  return (
    isNode(node) &&
    (node.type === "Literal" || node.type === "UnaryExpression" || (node.type === "Identifier" && node.name === "undefined"))
  );
}

function compares(node: Node): boolean {
  if (node.type === "BinaryExpression" && /^[!=]==?$/.test(String(node.operator)))
    return (isSecret(node.left) || isSecret(node.right)) && !isFixed(node.left) && !isFixed(node.right);
  if (node.type !== "CallExpression" || !isNode(node.callee) || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee as unknown as { object: unknown; property: Node };
  const [given] = node.arguments as unknown[];
  return (
    comparing.has(String(property.name)) && !isFixed(given) && (isSecret(given) || (isSecret(object) && whole.has(String(property.name))))
  );
}

function comparisonsIn(text: string, file: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) {
      if (compares(value)) found.push(text.slice(value.start, value.end));
      Object.values(value).forEach(visit);
    }
  };
  visit(parseSync(file, text).program);
  return found;
}

test("RELIABILITY 28: no code, token, password, secret or signature is compared but in constant time", () => {
  const sources = globSync("{services,packages,platforms}/**/*.ts", { cwd: root }).filter(
    (file) => !/node_modules|\/dist\/|\.test\.ts$|\.child\.ts$|testing[\w-]*\.ts$|test-support|\/tests?\//.test(file),
  );
  expect(sources.length).toBeGreaterThan(400);
  const found = sources.flatMap((file) =>
    comparisonsIn(readFileSync(join(root, file), "utf8"), file).map((text) => `${file.replaceAll("\\", "/")}: ${text}`),
  );
  expect([...new Set(found)].sort()).toEqual(Object.keys(exceptions).sort());
});

test.each([
  "given === user.passwordHash",
  "code !== (await pool).code",
  "codes.includes(code)",
  "signature.localeCompare(other)",
  "a.token == token!",
  "Buffer.compare(mac, given)",
  "mac.equals(given)",
])("RELIABILITY 28: it sees %s", (text) => expect(comparisonsIn(text, "one.ts")).toEqual([text]));
