/** Faults in roles and policies. */
import { type Fault, named, type Part, policyOf, put, statementsOf, withoutAction } from "./shop.ts";

/** Faults that the checks of roles and wildcards must find. */
export const rightsFaults: readonly Fault[] = [
  {
    name: "a workflow may not put events",
    foundBy: "workflow roles",
    spoil: (shop) => withoutAction(shop, "OrderProcessorWorkflow-role", "events:PutEvents"),
  },
  {
    name: "a workflow calls what nobody gave it a right to",
    foundBy: "workflow roles",
    spoil(shop) {
      const { Properties } = shop.resource("AWS::StepFunctions::StateMachine", named("StateMachineName", "OrderProcessorWorkflow"));
      put(Properties, "DefinitionString", String(Properties.DefinitionString).replace("dynamodb:updateItem", "dynamodb:deleteItem"));
    },
  },
  {
    name: "a function may not write its order",
    foundBy: "function roles",
    spoil: (shop) => withoutAction(shop, "SpendToken-role", "dynamodb:PutItem"),
  },
  {
    name: "a function may do more than it does",
    foundBy: "function roles",
    spoil: (shop) =>
      void statementsOf(policyOf(shop, "GetConfig-role")).push({
        Effect: "Allow",
        Action: "dynamodb:DeleteItem",
        Resource: "arn:aws:dynamodb:us-east-1:123456789012:table/serverlesspresso-config-table",
      } as unknown as Part),
  },
  {
    name: "a function may write everywhere",
    foundBy: "wildcards",
    spoil: (shop) => put(statementsOf(policyOf(shop, "PutConfig-role"))[0], "Resource", "*"),
  },
  {
    name: "a function may do everything to its table",
    foundBy: "wildcards",
    spoil: (shop) => put(statementsOf(policyOf(shop, "PutConfig-role"))[0], "Action", "dynamodb:*"),
  },
  {
    name: "two functions share a role",
    foundBy: "own roles",
    spoil(shop) {
      const { Role } = shop.resource("AWS::Lambda::Function", named("FunctionName", "GetOrders")).Properties;
      put(shop.resource("AWS::Lambda::Function", named("FunctionName", "GetOrder")).Properties, "Role", Role);
    },
  },
];
