/** The key of a table or an index: its attributes and their types, as requests describe them. */
import { z } from "zod";
import { constraint, invalid } from "./errors.ts";
import { Text } from "./members.ts";

/** The type of a key attribute: string, number or binary. */
export type KeyType = "S" | "N" | "B";
/** A key attribute, by name and type. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}
/** The partition key of a table or an index, and its sort key if it has one. */
export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly sort?: KeyAttribute;
}
/** The types of key attributes, by their names. */
export type KeyAttributes = ReadonlyMap<string, KeyType>;

/** A key as a request describes it. */
export const KeySchemaList = z.array(z.object({ AttributeName: Text, KeyType: Text })).nullish();
/** The key attributes of a table and its indexes as a request describes them. */
export const AttributeDefinitions = z.array(z.object({ AttributeName: Text, AttributeType: Text })).nullish();

/** The types of key attributes by name. @throws {TablesError} `ValidationException` */
export function readAttributes(definitions: z.output<typeof AttributeDefinitions>): Map<string, KeyType> {
  const attributes = new Map<string, KeyType>();
  for (const { AttributeName: name, AttributeType: type } of definitions ?? []) {
    if (!name) throw constraint(null, "attributeDefinitions.1.member.attributeName", "Member must not be null");
    if (type !== "S" && type !== "N" && type !== "B") {
      throw constraint(type ?? null, "attributeDefinitions.1.member.attributeType", "Member must satisfy enum value set: [B, N, S]");
    }
    if (attributes.has(name)) throw invalid("Cannot have two attributes with the same name");
    attributes.set(name, type);
  }
  return attributes;
}

/** Reads a key. @throws {TablesError} `ValidationException` */
export function readKeySchema(schema: z.output<typeof KeySchemaList>, attributes: KeyAttributes): KeySchema {
  const elements = schema ?? [];
  if (elements.length === 0) throw constraint(null, "keySchema", "Member must not be null");
  if (elements.length > 2) throw constraint(elements.length, "keySchema", "Member must have length less than or equal to 2");
  const [hash, sort] = elements.map(({ AttributeName }) => AttributeName ?? "");
  if (elements[0]?.KeyType !== "HASH") throw invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (sort !== undefined && elements[1]?.KeyType !== "RANGE") {
    throw invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (hash === sort) throw invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  const attribute = (name: string): KeyAttribute => {
    const type = attributes.get(name);
    if (type !== undefined) return { name, type };
    throw invalid(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${[...attributes.keys()].join(", ")}]`,
    );
  };
  return sort === undefined ? { hash: attribute(hash as string) } : { hash: attribute(hash as string), sort: attribute(sort) };
}

/** @throws {TablesError} `ValidationException` where an attribute belongs to no key */
export function checkAllUsed(attributes: KeyAttributes, schemas: readonly KeySchema[]): void {
  const used = new Set(schemas.flatMap(({ hash, sort }) => [hash.name, sort?.name]));
  if (used.size - (used.has(undefined) ? 1 : 0) === attributes.size) return;
  throw invalid(
    `One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [${[...attributes.keys()].join(", ")}], keys used: [${[...used].filter(Boolean).join(", ")}]`,
  );
}
