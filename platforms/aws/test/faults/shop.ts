/** Templates in which a test plants faults. */
import type { CheckName, Templates } from "../../src/checks/index.ts";

/** A part of a template, which a fault may change. */
export type Part = { [member: string]: Part } & { [at: number]: Part };
/** A resource of a template, which a fault may change. */
export interface Resource {
  readonly Type: string;
  DeletionPolicy?: string;
  Properties: Part;
}

/** A change that makes the templates wrong, and the check that must find it. */
export interface Fault {
  readonly name: string;
  /** The check; `validator` stands for CloudFormation's own rules. */
  readonly foundBy: CheckName | "validator";
  readonly spoil: (shop: Shop) => void;
}

/** A copy of the templates of a shop, which a fault may change. */
export interface Shop {
  readonly templates: Templates;
  /** Returns the first resource of a type for which `is` returns true. @throws {RangeError} if there is no such resource */
  resource(type: string, is?: (properties: Part) => boolean): Resource;
  remove(type: string, is?: (properties: Part) => boolean): void;
  add(stack: string, id: string, resource: object): void;
}

/** Returns a copy of the templates for one fault. */
export function openShop(original: Templates): Shop {
  const templates = structuredClone(original) as Record<string, { Resources: Record<string, Resource> }>;
  const all = () =>
    Object.values(templates).flatMap(({ Resources }) => Object.entries(Resources).map(([id, resource]) => ({ Resources, id, resource })));
  const find = (type: string, is: (properties: Part) => boolean = () => true) => {
    const found = all().find(({ resource }) => resource.Type === type && is(resource.Properties));
    if (found === undefined) throw new RangeError(`no ${type} to be spoilt`);
    return found;
  };
  return {
    templates: templates as unknown as Templates,
    resource: (type, is) => find(type, is).resource,
    remove(type, is) {
      const { Resources, id } = find(type, is);
      delete Resources[id];
    },
    add(stack, id, resource) {
      (templates[stack] as { Resources: Record<string, Resource> }).Resources[id] = resource as Resource;
    },
  };
}

/** Sets a member of a part. */
export const put = (part: Part | undefined, member: string, value: unknown): void =>
  void Object.assign(part as object, { [member]: value });
/** Returns a predicate: true if the property `member` is `name`. */
export const named = (member: string, name: string) => (properties: Part) => (properties[member] as unknown) === name;
/** Returns a part as JSON text. */
export const text = (part: Part | undefined): string => JSON.stringify(part);
/** Returns the statements of a policy. */
export const statementsOf = ({ Properties }: Resource): Part[] => (Properties.PolicyDocument as Part).Statement as unknown as Part[];
/** Returns the policy of the role with this id. */
export const policyOf = (shop: Shop, role: string): Resource =>
  shop.resource("AWS::IAM::Policy", ({ Roles }) => text(Roles).includes(`"${role.replaceAll("-", "")}`));

/** Removes an action from all statements of a role. */
export function withoutAction(shop: Shop, role: string, action: string): void {
  for (const statement of statementsOf(policyOf(shop, role))) {
    const actions = [statement.Action].flat() as unknown as string[];
    put(
      statement,
      "Action",
      actions.filter((one) => one !== action),
    );
  }
}
