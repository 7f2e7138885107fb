/** A summary of the stacks on two pages, short enough to read when it changes. It leaves out what follows from the blueprint and has its own check. */
import type { JsonObject } from "@serverlesspresso/ports";
import { type Resource, readDeployment } from "../src/checks/deployment.ts";
import type { Templates } from "../src/checks/index.ts";
import { rightsOfRole } from "../src/checks/roles.ts";

/** Returns one line for each resource or setting that matters. */
export function summarize(templates: Templates): string {
  const deployment = readDeployment(templates);
  const counts = Object.entries(templates).flatMap(([stack, { Resources }]) => [
    `\n${stack}`,
    ...countTypes(Object.values(Resources).map(({ Type }) => Type)),
  ]);
  // CDK's helpers have no names of their own.
  const functions = deployment.all("AWS::Lambda::Function").filter(({ properties }) => properties.FunctionName !== undefined);
  const roles = [...functions, ...deployment.all("AWS::StepFunctions::StateMachine")].flatMap((one) => [
    `\n${nameOf(one)} may`,
    ...[...new Set(rightsOfRole(deployment, one.properties.Role ?? one.properties.RoleArn))].map(shorten).filter(isOfItsOwn).sort(),
  ]);
  const outputs = Object.entries(templates).flatMap(([stack, { Outputs = {} }]) =>
    Object.entries(Outputs)
      .filter(([, { Export }]) => Export === undefined)
      .map(([name]) => `  ${stack} ${name}`),
  );
  return [
    ...counts,
    "\nRights, beside those of every function to its own log, dead letters and traces",
    ...roles,
    "\nOutputs",
    ...outputs,
    "",
  ].join("\n");
}

function countTypes(types: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => `  ${String(count).padStart(3)} ${type}`);
}

function nameOf({ id, properties }: Resource): string {
  const { FunctionName, StateMachineName } = properties as JsonObject;
  return String(FunctionName ?? StateMachineName ?? id);
}

const shorten = (right: string): string => `  ${right.replace("arn:aws:", "").replace(":us-east-1:123456789012:", " ")}`;
const isOfItsOwn = (right: string): boolean =>
  !/xray:|logs:(CreateLogStream|PutLogEvents)|LogDeliver|logs:.* \*$|SendMessage .*Serverlesspresso-DLQ$/.test(right);
