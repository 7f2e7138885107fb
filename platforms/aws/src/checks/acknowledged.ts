import type { Names } from "@serverlesspresso/contract";

/** A finding of cdk-nag that we accept, with the reason. The suite fails for a finding without a reason, and for a reason without a finding. */
export interface Acknowledgement {
  /** The rule, or the beginning of its name and what it names. */
  readonly rule: string;
  /** Matches a part of the construct's path. */
  readonly path: RegExp;
  readonly reason: string;
}

const helpers = /Custom::CDKBucketDeployment|AWS679f53fac002430cb0da5b7982bd2287/;

/** Returns the accepted findings on a bar's stacks. */
export function acknowledgedOf({ platformTable, deadLetterQueue, userTopicPrefix }: Names): readonly Acknowledgement[] {
  return [
    {
      rule: "AwsSolutions-DDB3",
      path: new RegExp(platformTable),
      reason: "It holds answers under an Idempotency-Key and pairings, for a day at most; nothing in it is worth bringing back.",
    },
    { rule: "AwsSolutions-IAM4[", path: helpers, reason: "CDK's own helper while a stack is made; nothing of the shop runs with it." },
    { rule: "AwsSolutions-IAM5[", path: helpers, reason: "CDK's own helper while a stack is made; nothing of the shop runs with it." },
    {
      rule: "AwsSolutions-L1",
      path: helpers,
      reason: "CDK's own helper while a stack is made, in the runtime that CDK has tested it with.",
    },
    {
      rule: "AwsSolutions-COG1",
      path: /UserPool/,
      reason: "Twelve characters of any kind, as NIST SP 800-63B advises in place of kinds of characters; the same as the local pool.",
    },
    {
      rule: "AwsSolutions-COG2",
      path: /UserPool/,
      reason: "Guests order a coffee; staff who want a second factor can be required to have one.",
    },
    { rule: "AwsSolutions-COG8", path: /UserPool/, reason: "The Plus plan would cost more for each guest than all the rest of the order." },
    { rule: "AwsSolutions-SQS3", path: new RegExp(deadLetterQueue), reason: "It is a dead-letter queue, of the rules and functions." },
    {
      rule: "AwsSolutions-IAM5[Resource::*]",
      path: /-role\/Rights|IotEndpoint/,
      reason: "Tracing, metrics, log delivery and the endpoint's name have no resource on AWS; the check `wildcards` names each action.",
    },
    {
      rule: "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:",
      path: /-role\/Rights/,
      reason: "The streams of the function's own log group are named by Lambda.",
    },
    {
      rule: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iot:<AWS::Region>:<AWS::AccountId>:topic/${userTopicPrefix}*]`,
      path: /(PublishUser|OrderTimedOut)-role/,
      reason: "A guest's topic has the guest's id in its name, which is not known before there is a guest.",
    },
    {
      rule: "AwsSolutions-SF1",
      path: /OrderProcessorWorkflow|OrderManagerStateMachine/,
      reason:
        "Errors are logged with their data. A log of every event would cost more than all else, and the Standard workflow has its history.",
    },
    {
      rule: "AwsSolutions-APIG1",
      path: /OrderManagerApi/,
      reason: "Its caller is the HTTP API, whose access log has every request; its own would need a role for the whole account.",
    },
    {
      rule: "AwsSolutions-APIG3",
      path: /OrderManagerApi/,
      reason: "A firewall costs US$ 5 a month and more; the API is throttled, and asks for a token first.",
    },
    {
      rule: "AwsSolutions-APIG6",
      path: /OrderManagerApi/,
      reason: "It would need a role for the whole account; the workflow logs its errors itself.",
    },
    {
      rule: "AwsSolutions-APIG4",
      path: /GET--config|POST--guests|POST--pairings|GET--pairings--current/,
      reason: "Public by docs/spec.md section 4: the menu, the first sign-in of a guest, and of a display that bears a secret of its own.",
    },
    { rule: "AwsSolutions-S1", path: /Apps/, reason: "It holds the published apps, and CloudFront alone can read it." },
    { rule: "AwsSolutions-CFR1", path: /Distribution/, reason: "A conference has guests from everywhere." },
    {
      rule: "AwsSolutions-CFR2",
      path: /Distribution/,
      reason: "A firewall costs US$ 5 a month and more; what can be called is throttled, and asks for a token first.",
    },
    { rule: "AwsSolutions-CFR3", path: /Distribution/, reason: "The API logs its requests; who loaded a page is nobody's business." },
    {
      rule: "AwsSolutions-CFR4",
      path: /Distribution/,
      reason: "The name that CloudFront gives takes no other setting; with a name of one's own it is TLS 1.2.",
    },
  ];
}
