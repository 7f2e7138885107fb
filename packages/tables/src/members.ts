/** Members that DynamoDB's requests share. A member that is `null` counts as absent, as on AWS. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { isObject } from "./attribute-value.ts";

/** A text, or nothing. */
export const Text = z.string().nullish();
/** A whole number, or nothing. */
export const Whole = z.int().nullish();
/** A boolean, or nothing. */
export const Flag = z.boolean().nullish();

/** One of a set, or nothing. */
export function oneOf<const Choices extends readonly [string, ...string[]]>(choices: Choices) {
  return z.enum(choices).nullish();
}

/** A structure whose members are read later: an item, a key. It is taken as it is, since an attribute may have any name. */
export const Structure = z.custom<JsonObject>(isObject, {
  error: ({ input }) => (input === undefined || input === null ? "Member must not be null" : "Member must be a structure"),
});

/** The table's name, which a request may give as its ARN. */
export const TableName = z
  .string()
  .nullish()
  .transform((name, context): string => {
    const refuse = (message: string): never => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    if (name === undefined || name === null) return refuse("The parameter 'TableName' is required but was not present in the request");
    const plain = name.startsWith("arn:") ? name.slice(name.indexOf(":table/") + 7) : name;
    if (!/^[a-zA-Z0-9_.-]+$/.test(plain)) {
      const rule = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
      return refuse(`1 validation error detected: Value '${plain}' at 'tableName' failed to satisfy constraint: ${rule}`);
    }
    if (plain.length >= 3 && plain.length <= 255) return plain;
    return refuse("TableName must be at least 3 characters long and at most 255 characters long");
  });

/** Which capacity an answer tells. */
export const ReturnConsumedCapacity = oneOf(["NONE", "TOTAL", "INDEXES"]);

/** What `#names` and `:values` stand for; `readPlaceholders` checks them beside the expressions. */
export const placeholderMembers = { ExpressionAttributeNames: z.unknown().optional(), ExpressionAttributeValues: z.unknown().optional() };

function legacy(name: string) {
  const error = `The legacy parameter ${name} is not supported here; use the expression parameters instead`;
  return z.custom<never>(() => false, { error }).optional();
}

/** The members of the API from before expressions: each is refused. */
export const legacyMembers = {
  AttributesToGet: legacy("AttributesToGet"),
  AttributeUpdates: legacy("AttributeUpdates"),
  ConditionalOperator: legacy("ConditionalOperator"),
  Expected: legacy("Expected"),
  KeyConditions: legacy("KeyConditions"),
  QueryFilter: legacy("QueryFilter"),
  ScanFilter: legacy("ScanFilter"),
};
