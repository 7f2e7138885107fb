/** Faults that somebody could make, each with the check that must find it. A fault changes the templates, as a slip in blueprint or constructs would. */
import type { CheckName, Templates } from "../src/checks/index.ts";

/** A part of a template while it is being spoilt. */
type Part = { [member: string]: Part } & { [at: number]: Part };
interface Resource {
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

const put = (part: Part | undefined, member: string, value: unknown): void => void Object.assign(part as object, { [member]: value });
const named = (member: string, name: string) => (properties: Part) => (properties[member] as unknown) === name;
const text = (part: Part | undefined): string => JSON.stringify(part);
const statementsOf = ({ Properties }: Resource): Part[] => (Properties.PolicyDocument as Part).Statement as unknown as Part[];
/** The policy of the role of this id. */
const policyOf = (shop: Shop, role: string): Resource =>
  shop.resource("AWS::IAM::Policy", ({ Roles }) => text(Roles).includes(`"${role.replaceAll("-", "")}`));

function withoutAction(shop: Shop, role: string, action: string): void {
  for (const statement of statementsOf(policyOf(shop, role))) {
    const actions = [statement.Action].flat() as unknown as string[];
    put(
      statement,
      "Action",
      actions.filter((one) => one !== action),
    );
  }
}

export const faults: readonly Fault[] = [
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
  {
    name: "a rule waits for an event nobody sends",
    foundBy: "event patterns",
    spoil: (shop) =>
      put(shop.resource("AWS::Events::Rule", named("Name", "NewOrder")).Properties.EventPattern, "detail-type", ["Validator.NewOrders"]),
  },
  {
    name: "a rule leads to another function",
    foundBy: "event patterns",
    spoil(shop) {
      const { Targets } = shop.resource("AWS::Events::Rule", named("Name", "PublishAdmin")).Properties;
      put(shop.resource("AWS::Events::Rule", named("Name", "PublishUser")).Properties, "Targets", Targets);
    },
  },
  {
    name: "a rule has no dead-letter queue",
    foundBy: "rules' dead letters",
    spoil: (shop) =>
      put(shop.resource("AWS::Events::Rule", named("Name", "WaitingCompletion")).Properties.Targets?.[0], "DeadLetterConfig", undefined),
  },
  {
    name: "a function does not let its rule in",
    foundBy: "rules' permissions",
    spoil: (shop) => shop.remove("AWS::Lambda::Permission", (properties) => text(properties).includes("RuleOrderTimedOut")),
  },
  {
    name: "a route with another method",
    foundBy: "routes",
    spoil: (shop) => put(shop.resource("AWS::ApiGatewayV2::Route", named("RouteKey", "PUT /menu")).Properties, "RouteKey", "POST /menu"),
  },
  {
    name: "a route for staff without a token",
    foundBy: "routes",
    spoil: (shop) =>
      put(shop.resource("AWS::ApiGatewayV2::Route", named("RouteKey", "GET /orders")).Properties, "AuthorizationType", "NONE"),
  },
  {
    name: "a route that takes id tokens",
    foundBy: "routes",
    spoil: (shop) =>
      put(shop.resource("AWS::ApiGatewayV2::Route", named("RouteKey", "GET /myOrders")).Properties, "AuthorizationScopes", undefined),
  },
  {
    name: "tokens of any client",
    foundBy: "api",
    spoil: (shop) => put(shop.resource("AWS::ApiGatewayV2::Authorizer").Properties.JwtConfiguration, "Audience", ["anybody"]),
  },
  {
    name: "the user is what the body says",
    foundBy: "order manager's api",
    spoil(shop) {
      const { Integration } = shop.resource("AWS::ApiGateway::Method").Properties;
      const template = text(Integration?.RequestTemplates).replaceAll("$context.authorizer.claims.sub", "$input.path('$.userId')");
      put(Integration, "RequestTemplates", JSON.parse(template));
    },
  },
  {
    name: "a table with another key",
    foundBy: "tables",
    spoil: (shop) =>
      put(
        shop.resource("AWS::DynamoDB::Table", named("TableName", "serverlesspresso-order-table")).Properties.KeySchema?.[1],
        "AttributeName",
        "createdMs",
      ),
  },
  {
    name: "an index is left out",
    foundBy: "tables",
    spoil(shop) {
      const { GlobalSecondaryIndexes } = shop.resource(
        "AWS::DynamoDB::Table",
        named("TableName", "serverlesspresso-order-table"),
      ).Properties;
      (GlobalSecondaryIndexes as unknown as Part[]).pop();
    },
  },
  {
    name: "orders are deleted with their stack",
    foundBy: "survivors",
    spoil: (shop) =>
      void (shop.resource("AWS::DynamoDB::Table", named("TableName", "serverlesspresso-order-table")).DeletionPolicy = "Delete"),
  },
  {
    name: "orders may be deleted by a slip",
    foundBy: "survivors",
    spoil: (shop) =>
      put(
        shop.resource("AWS::DynamoDB::Table", named("TableName", "serverlesspresso-order-table")).Properties,
        "DeletionProtectionEnabled",
        false,
      ),
  },
  {
    name: "a queue without dead letters",
    foundBy: "queues",
    spoil: (shop) => put(shop.resource("AWS::SQS::Queue", named("QueueName", "MetricsQueue")).Properties, "RedrivePolicy", undefined),
  },
  {
    name: "a batch fails as a whole",
    foundBy: "consumers",
    spoil: (shop) =>
      put(
        shop.resource("AWS::Lambda::EventSourceMapping", ({ FunctionResponseTypes }) => FunctionResponseTypes !== undefined).Properties,
        "FunctionResponseTypes",
        undefined,
      ),
  },
  {
    name: "a stream feeds the wrong records",
    foundBy: "streams",
    spoil: (shop) =>
      put(
        shop.resource("AWS::Lambda::EventSourceMapping", ({ FilterCriteria }) => text(FilterCriteria ?? ({} as Part)).includes("MODIFY"))
          .Properties,
        "FilterCriteria",
        {
          Filters: [{ Pattern: '{"eventName":["REMOVE"]}' }],
        },
      ),
  },
  {
    name: "a function is not told its user pool",
    foundBy: "functions",
    spoil: (shop) =>
      put(
        shop.resource("AWS::Lambda::Function", named("FunctionName", "SignInAsGuest")).Properties.Environment?.Variables,
        "USER_POOL_ID",
        undefined,
      ),
  },
  {
    name: "a log is kept for ever",
    foundBy: "logs",
    spoil: (shop) =>
      put(shop.resource("AWS::Logs::LogGroup", named("LogGroupName", "/aws/lambda/GetConfig")).Properties, "RetentionInDays", undefined),
  },
  {
    name: "a function without a dead letter",
    foundBy: "dead letters",
    spoil: (shop) => shop.remove("AWS::Lambda::EventInvokeConfig", ({ FunctionName }) => text(FunctionName).includes("PublishAdmin")),
  },
  {
    name: "an Express workflow made Standard",
    foundBy: "workflows",
    spoil: (shop) =>
      put(
        shop.resource("AWS::StepFunctions::StateMachine", named("StateMachineName", "OrderManagerStateMachine")).Properties,
        "StateMachineType",
        "STANDARD",
      ),
  },
  {
    name: "a substitution is missing",
    foundBy: "substitutions",
    spoil: (shop) =>
      put(
        shop.resource("AWS::StepFunctions::StateMachine", named("StateMachineName", "OrderManagerStateMachine")).Properties
          .DefinitionSubstitutions,
        "ValidatorTable",
        undefined,
      ),
  },
  {
    name: "a substitution names another table",
    foundBy: "substitutions",
    spoil: (shop) =>
      put(
        shop.resource("AWS::StepFunctions::StateMachine", named("StateMachineName", "OrderProcessorWorkflow")).Properties
          .DefinitionSubstitutions,
        "CountingTable",
        "serverlesspresso-config-table",
      ),
  },
  {
    name: "a dashboard that is no JSON",
    foundBy: "dashboard",
    spoil: (shop) => put(shop.resource("AWS::CloudWatch::Dashboard").Properties, "DashboardBody", '{"widgets":['),
  },
  {
    name: "a bucket that can be made public",
    foundBy: "no public bucket",
    spoil: (shop) => put(shop.resource("AWS::S3::Bucket").Properties.PublicAccessBlockConfiguration, "BlockPublicPolicy", false),
  },
  {
    name: "an identity for the unauthenticated",
    foundBy: "no unauthenticated identity",
    spoil: (shop) =>
      shop.add("Serverlesspresso-Data", "Guests", {
        Type: "AWS::Cognito::IdentityPool",
        Properties: { AllowUnauthenticatedIdentities: true },
      }),
  },
  {
    name: "a function that anybody may call",
    foundBy: "no unauthenticated identity",
    spoil: (shop) => put(shop.resource("AWS::Lambda::Permission").Properties, "Principal", "*"),
  },
  {
    name: "a client with a secret",
    foundBy: "user pool",
    spoil: (shop) => put(shop.resource("AWS::Cognito::UserPoolClient").Properties, "GenerateSecret", true),
  },
  {
    name: "a queue that is not encrypted",
    foundBy: "encryption",
    spoil: (shop) => put(shop.resource("AWS::SQS::Queue").Properties, "SqsManagedSseEnabled", false),
  },
  {
    name: "a path of the API that the website does not pass on",
    foundBy: "website",
    spoil(shop) {
      const { CacheBehaviors } = shop.resource("AWS::CloudFront::Distribution").Properties.DistributionConfig as Part;
      (CacheBehaviors as unknown as Part[]).pop();
    },
  },
  {
    name: "scripts from anywhere",
    foundBy: "website",
    spoil: (shop) =>
      put(
        shop.resource("AWS::CloudFront::ResponseHeadersPolicy").Properties.ResponseHeadersPolicyConfig?.SecurityHeadersConfig
          ?.ContentSecurityPolicy,
        "ContentSecurityPolicy",
        "script-src * 'unsafe-inline'",
      ),
  },
  {
    name: "the website names another authorizer",
    foundBy: "live updates",
    spoil: (shop) => put(shop.resource("AWS::IoT::Authorizer").Properties, "AuthorizerName", "Others"),
  },
  {
    name: "nobody hears of dead letters",
    foundBy: "alarms",
    spoil: (shop) => shop.remove("AWS::CloudWatch::Alarm", ({ AlarmName }) => text(AlarmName).includes("MetricsQueue-DLQ-filled")),
  },
  {
    name: "a property with a slip of the pen",
    foundBy: "validator",
    spoil: (shop) => put(shop.resource("AWS::SQS::Queue").Properties, "VisibilityTimeoutSeconds", 30),
  },
  {
    name: "a reference to nothing",
    foundBy: "validator",
    spoil: (shop) =>
      put(shop.resource("AWS::Lambda::Function", named("FunctionName", "GetConfig")).Properties, "Role", {
        "Fn::GetAtt": ["NobodysRole", "Arn"],
      }),
  },
];
