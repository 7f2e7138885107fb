/** Templates that can be spoilt. */
import type { CheckName, Templates } from "../../src/checks/index.ts";

/** A part of a template while it is being spoilt. */
export type Part = { [member: string]: Part } & { [at: number]: Part };
export interface Resource {
  readonly Type: string;
  DeletionPolicy?: string;
  Properties: Part;
}

export interface Fault {
  readonly name: string;
  /** `validator`: CloudFormation's own rules. */
  readonly foundBy: CheckName | "validator";
  readonly spoil: (shop: Shop) => void;
}

/** The templates of a shop, to be spoilt. */
export interface Shop {
  readonly templates: Templates;
  /** The resource of a type that `is` says is meant. */
  resource(type: string, is?: (properties: Part) => boolean): Resource;
  remove(type: string, is?: (properties: Part) => boolean): void;
  add(stack: string, id: string, resource: object): void;
}

/** A copy to be spoilt. */
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

export const put = (part: Part | undefined, member: string, value: unknown): void =>
  void Object.assign(part as object, { [member]: value });
export const named = (member: string, name: string) => (properties: Part) => (properties[member] as unknown) === name;
export const text = (part: Part | undefined): string => JSON.stringify(part);
export const statementsOf = ({ Properties }: Resource): Part[] => (Properties.PolicyDocument as Part).Statement as unknown as Part[];
/** The policy of the role of this id. */
export const policyOf = (shop: Shop, role: string): Resource =>
  shop.resource("AWS::IAM::Policy", ({ Roles }) => text(Roles).includes(`"${role.replaceAll("-", "")}`));

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
