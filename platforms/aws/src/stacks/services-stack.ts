import type { Blueprint } from "@serverlesspresso/blueprint";
import { CfnOutput, Fn, Stack, type StackProps } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { createAlarms } from "../constructs/alarms.ts";
import { createDashboard } from "../constructs/dashboard.ts";
import { createDeadlines } from "../constructs/deadlines.ts";
import { createEventBus } from "../constructs/event-bus.ts";
import { createFunctions } from "../constructs/functions.ts";
import { createLogGroups } from "../constructs/log-groups.ts";
import { createOrderManagerApi } from "../constructs/order-manager-api.ts";
import { type Arns, arnsOf } from "../constructs/place.ts";
import { consumerRights, createConsumers, createQueues } from "../constructs/queues.ts";
import type { Right } from "../constructs/rights.ts";
import { createRoutes } from "../constructs/routes.ts";
import { createRules } from "../constructs/rules.ts";
import { createStreams, streamRights } from "../constructs/streams.ts";
import { createLiveUpdates, type LiveUpdates } from "../constructs/topics.ts";
import { createWorkflows } from "../constructs/workflows.ts";
import { platformFunctionOf, type RuntimeFunction, runtimeFunctionsOf } from "../runtime/functions.ts";
import type { DataStack } from "./data-stack.ts";

/** The blueprint, the stack of its data, and the options of the deployment. */
export interface ServicesStackProps extends StackProps {
  readonly blueprint: Blueprint;
  readonly data: DataStack;
  readonly codeOf: (fn: RuntimeFunction) => string;
  readonly guestSignIn: boolean;
  readonly allowedOrigins: readonly string[];
  readonly alarmEmail: string | undefined;
}

/** The stack of what can be deleted and deployed again: bus, functions, workflows, rules, queues, API, live updates, dashboard and alarms. */
export class ServicesStack extends Stack {
  readonly apiId: string;
  readonly live: LiveUpdates;
  /** What CloudFront adds to each call, for who deploys to know and no client. */
  readonly edgeKey: string;

  constructor(scope: Construct, id: string, props: ServicesStackProps) {
    super(scope, id, props);
    const { blueprint, data } = props;
    const { names } = blueprint;
    const arns = arnsOf(this);
    // The end of the stack's id is a UUID that CloudFormation makes and shows to no client.
    const edgeKey = Fn.select(2, Fn.split("/", this.stackId));
    this.edgeKey = this.exportValue(edgeKey, { name: `${id}:EdgeKey` });
    const bus = createEventBus(this, blueprint.bus);
    const logGroups = createLogGroups(this, blueprint, arns);
    const queues = createQueues(this, blueprint.queues);
    const deadLetters = queues.get(names.deadLetterQueue) as Queue;
    const functions = createFunctions(this, runtimeFunctionsOf(blueprint), {
      codeOf: props.codeOf,
      arns,
      places: { bus: blueprint.bus, metricsNamespace: names.metricsNamespace, userPoolArn: data.pool.userPoolArn },
      environment: {
        USER_POOL_ID: data.pool.userPoolId,
        USER_POOL_CLIENT_ID: data.client.userPoolClientId,
        ORDER_PROCESSOR_ARN: arns.workflow(names.orderProcessor),
        GUEST_SIGN_IN: props.guestSignIn ? "on" : "off",
        EDGE_KEY: edgeKey,
      },
      sourceRights: sourceRightsOf(blueprint, arns, data),
      deadLetters,
    });
    createWorkflows(this, blueprint.workflows, arns);
    createConsumers(this, blueprint.queues, queues, functions);
    createStreams(this, blueprint.tables, data.tables, functions, deadLetters);
    createRules(this, bus, blueprint.rules, {
      functions,
      queues,
      logGroups,
      arns,
      starterOf: (workflow) =>
        functions.get(workflow === names.orderProcessor ? platformFunctionOf(names, "StartOrderProcessor") : "") as LambdaFunction,
    });
    createDeadlines(this, blueprint.deadlines, functions, queues);
    const orderManagerUrl = createOrderManagerApi(this, names, arns.workflow(names.orderManager), data.pool);
    const api = createRoutes(this, {
      names,
      routes: blueprint.routes,
      functions,
      userPoolId: data.pool.userPoolId,
      clientId: data.client.userPoolClientId,
      orderManagerUrl,
      allowedOrigins: props.allowedOrigins,
    });
    this.apiId = api.apiId;
    this.live = createLiveUpdates(this, names, functions.get(platformFunctionOf(names, "AuthorizeTopics")) as LambdaFunction);
    createDashboard(this, blueprint.dashboard);
    createAlarms(this, { blueprint, workflowArn: arns.workflow, apiId: api.apiId, email: props.alarmEmail });
    new CfnOutput(this, "ApiUrl", { value: api.apiEndpoint });
    new CfnOutput(this, "LiveEndpoint", { value: this.live.endpoint });
    new CfnOutput(this, "LiveAuthorizer", { value: this.live.authorizerName });
  }
}

/** Returns the rights of each function on the queue or stream that feeds it, by function. */
function sourceRightsOf({ queues, tables }: Blueprint, arns: Arns, data: DataStack): ReadonlyMap<string, Right[]> {
  const rights = new Map<string, Right[]>();
  const add = (fn: string, more: Right[]): void => void rights.set(fn, [...(rights.get(fn) ?? []), ...more]);
  for (const { name, consumer } of queues) if (consumer !== undefined) add(consumer.function, consumerRights(arns.queue(name)));
  for (const { name, stream } of tables) {
    for (const consumer of stream ?? []) add(consumer.function, streamRights(data.tables.get(name)?.tableStreamArn as string));
  }
  return rights;
}
