/** Faults in rules, queues, streams and dead letters. */
import { type Fault, named, type Part, put, text } from "./shop.ts";

/** Faults that the checks of rules, queues, streams, functions and workflows must find. */
export const eventsFaults: readonly Fault[] = [
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
    name: "a deadline that nobody looks at",
    foundBy: "deadlines",
    spoil: (shop) => put(shop.resource("AWS::Events::Rule", named("Name", "EndPause")).Properties, "State", "DISABLED"),
  },
  {
    name: "a deadline is looked at once an hour",
    foundBy: "deadlines",
    spoil: (shop) => put(shop.resource("AWS::Events::Rule", named("Name", "EndPause")).Properties, "ScheduleExpression", "rate(1 hour)"),
  },
  {
    name: "a deadline's function does not let its schedule in",
    foundBy: "deadlines",
    spoil: (shop) => shop.remove("AWS::Lambda::Permission", (properties) => text(properties).includes("DeadlineEndPause")),
  },
  {
    name: "a schedule without a dead-letter queue",
    foundBy: "rules' dead letters",
    spoil: (shop) =>
      put(shop.resource("AWS::Events::Rule", named("Name", "EndPause")).Properties.Targets?.[0], "DeadLetterConfig", undefined),
  },
  {
    name: "a queue without dead letters",
    foundBy: "queues",
    spoil: (shop) => put(shop.resource("AWS::SQS::Queue", named("QueueName", "MetricsQueue")).Properties, "RedrivePolicy", undefined),
  },
  {
    name: "another queue without dead letters",
    foundBy: "queues' dead letters",
    spoil: (shop) => shop.add("Serverlesspresso-Services", "Another", { Type: "AWS::SQS::Queue", Properties: { QueueName: "Another" } }),
  },
  {
    name: "a batch fails as a whole",
    foundBy: "consumers",
    spoil: (shop) =>
      put(
        shop.resource("AWS::Lambda::EventSourceMapping", ({ FilterCriteria }) => FilterCriteria === undefined).Properties,
        "FunctionResponseTypes",
        undefined,
      ),
  },
  {
    name: "a stream does not hear where to begin again",
    foundBy: "streams",
    spoil: (shop) =>
      put(
        shop.resource("AWS::Lambda::EventSourceMapping", ({ FilterCriteria }) => FilterCriteria !== undefined).Properties,
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
        "SanitizeOrder",
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
];
