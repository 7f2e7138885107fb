import type { Blueprint } from "@serverlesspresso/blueprint";
import { firstBar } from "@serverlesspresso/contract";
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Subscription, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { type WatchPlaces, watchesOf } from "./watches.ts";

/** What the alarms watch, and who receives them. */
export interface AlarmsOptions extends WatchPlaces {
  readonly blueprint: Blueprint;
  /** The address that receives the alarms; without it they only show in CloudWatch. */
  readonly email: string | undefined;
}

/** Creates alarms for what a bar would notice: failures, throttles, dead letters, queues and streams that stand still. */
export function createAlarms(scope: Construct, options: AlarmsOptions): void {
  const topic = options.email === undefined ? undefined : createTopic(scope, `${options.blueprint.names.bar}-alarms`, options.email);
  for (const { id, description, threshold, dimensions, ...metric } of watchesOf(options.blueprint, options)) {
    const alarm = new Alarm(scope, `Alarm-${id}`, {
      alarmName: alarmNameOf(options.blueprint.names.bar, id),
      alarmDescription: description,
      metric: new Metric({ ...metric, ...(dimensions !== undefined && { dimensionsMap: { ...dimensions } }), period: Duration.minutes(5) }),
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic !== undefined) alarm.addAlarmAction(new SnsAction(topic));
  }
}

/** Resources of a bar that is not the first bear its name already; the first bar's alarms keep the names under which they are deployed. */
function alarmNameOf(bar: string, id: string): string {
  return bar !== firstBar && id.startsWith(`${bar}-`) ? id : `${bar}-${id}`;
}

function createTopic(scope: Construct, topicName: string, email: string): Topic {
  const topic = new Topic(scope, "Alarms", { topicName, enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
    }),
  );
  new Subscription(scope, "Alarms-mail", { topic, protocol: SubscriptionProtocol.EMAIL, endpoint: email });
  return topic;
}
