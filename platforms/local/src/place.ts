/** Where everything is: the account and region that ARNs name. The local platform is one account in one region. */
export const place = { account: "123456789012", region: "us-east-1" } as const;

const { account, region } = place;

/** ARNs of what the blueprint names. */
export const arns = {
  function: (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`,
  workflow: (name: string): string => `arn:aws:states:${region}:${account}:stateMachine:${name}`,
  queue: (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`,
  logGroup: (name: string): string => `arn:aws:logs:${region}:${account}:log-group:${name}`,
} as const;

/** The last part of an ARN: the name of a function, a queue, or a log group with its slashes. */
export function nameOf(arn: string): string {
  return arn.split(":")[6] ?? arn.split(":")[5] ?? arn;
}
