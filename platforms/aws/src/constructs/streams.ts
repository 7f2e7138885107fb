import type { StreamConsumer, TableBlueprint } from "@serverlesspresso/blueprint";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { CfnEventSourceMapping, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Right } from "./rights.ts";

/** How often a failed record is retried, its batch halved each time; then it goes to the dead-letter queue and the shard continues. */
const retryAttempts = 10;

/** Returns the rights that a stream's consumer needs. Lambda also lists streams; IAM has no resource type for that action. */
export function streamRights(streamArn: string): Right[] {
  const reading = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
  return [...reading.map((action) => ({ action, resource: streamArn })), { action: "dynamodb:ListStreams", resource: "*" }];
}

/**
 * Connects the tables' streams to the blueprint's functions.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function createStreams(
  scope: Construct,
  blueprints: readonly TableBlueprint[],
  tables: ReadonlyMap<string, Table>,
  functions: ReadonlyMap<string, LambdaFunction>,
  deadLetters: Queue,
): void {
  for (const { name, stream } of blueprints) {
    for (const consumer of stream ?? []) {
      const fn = functions.get(consumer.function) as LambdaFunction;
      const mapping = new CfnEventSourceMapping(scope, `${consumer.function}-stream`, {
        eventSourceArn: (tables.get(name) as Table).tableStreamArn as string,
        functionName: fn.functionName,
        startingPosition: "TRIM_HORIZON",
        batchSize: consumer.batchSize,
        maximumRetryAttempts: retryAttempts,
        // The function returns the record to retry from; without this Lambda ignores the response, and the record is lost.
        functionResponseTypes: ["ReportBatchItemFailures"],
        bisectBatchOnFunctionError: true,
        destinationConfig: { onFailure: { destination: deadLetters.queueArn } },
        ...filterOf(consumer),
      });
      mapping.node.addDependency(fn.role as NonNullable<typeof fn.role>);
    }
  }
}

function filterOf({ filter }: StreamConsumer): { filterCriteria?: CfnEventSourceMapping.FilterCriteriaProperty } {
  return filter === undefined ? {} : { filterCriteria: { filters: [{ pattern: JSON.stringify(filter) }] } };
}
