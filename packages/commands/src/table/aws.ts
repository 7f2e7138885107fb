/** Commands for the bar on AWS. */
import { defineCommand } from "../command.ts";
import { list, required, setting, toggle } from "../setting.ts";
import { matching, onOff, text } from "../value-kinds.ts";
import { bar } from "./shared.ts";

const region = setting({
  variable: "AWS_REGION",
  kind: text,
  usual: "us-east-1",
  sentence: "where the bar stands; credentials are found as AWS's own tools find them",
});
const certificate = matching(/^arn:aws:acm:us-east-1:/, "a certificate in us-east-1: CloudFront takes no other");

const deployment = {
  guestSignIn: setting({
    variable: "GUEST_SIGN_IN",
    kind: onOff,
    otherwise: true,
    usual: "on",
    sentence: "whether a name is enough to order: on or off",
  }),
  allowedOrigins: list({ variable: "ALLOWED_ORIGINS", kind: text, sentence: "further origins whose pages may call the API" }),
  alarmEmail: setting({ variable: "ALARM_EMAIL", kind: text, usual: "no one", sentence: "who gets a mail for each alarm" }),
  domainName: setting({
    variable: "DOMAIN_NAME",
    kind: text,
    usual: "CloudFront's",
    sentence: "a host name of your own; needs CERTIFICATE_ARN",
  }),
  certificateArn: setting({ variable: "CERTIFICATE_ARN", kind: certificate, usual: "none", sentence: "its certificate, in us-east-1" }),
};
/** What shapes the stacks. */
export type DeploymentSettings = typeof deployment;

/** `npm run synth`. */
export const synth = defineCommand({
  name: "synth",
  call: "npm run synth --",
  sentence: "Writes the stacks as CloudFormation templates into platforms/aws/cdk.out. Needs no account and no network.",
  settings: { bar, ...deployment },
});

/** `npm run diff`. */
export const diff = defineCommand({
  name: "diff",
  call: "npm run diff --",
  sentence: "Prints what a deployment would change in the account and region.",
  settings: { bar, region, ...deployment },
});

/** `npm run deploy`. */
export const deploy = defineCommand({
  name: "deploy",
  call: "npm run deploy --",
  sentence: "Deploys the bar, makes the first admin unless there is one, and prints the addresses.",
  settings: {
    isYes: toggle({ flag: "--yes", sentence: "asks nothing; without it CDK asks before it widens rights" }),
    bar,
    region,
    adminEmail: setting({
      variable: "ADMIN_EMAIL",
      kind: text,
      otherwise: "admin@serverlesspresso.local",
      sentence: "address of the first admin",
    }),
    adminPassword: setting({
      variable: "ADMIN_PASSWORD",
      kind: text,
      isSecret: true,
      usual: "generated, shown once",
      sentence: "password of the first admin",
    }),
    ...deployment,
  },
});

/** `npm run outputs`. */
export const outputs = defineCommand({
  name: "outputs",
  call: "npm run outputs --",
  sentence: "Prints where the deployed bar is.",
  settings: { bar, region },
});

/** `npm run smoke`. */
export const smoke = defineCommand({
  name: "smoke",
  call: "npm run smoke --",
  sentence: "Plays one order through a bar's public address, step by step. A bar on this machine will do.",
  settings: {
    url: setting({ operand: "URL", kind: text, usual: "that of the deployed stack", sentence: "the bar's address" }),
    bar,
    region,
    adminEmail: setting({ variable: "ADMIN_EMAIL", kind: text, sentence: "a member of staff, who plays the barista" }),
    adminPassword: setting({ variable: "ADMIN_PASSWORD", kind: text, isSecret: true, sentence: "the password of that member" }),
  },
});

/** `npm run destroy`. */
export const destroy = defineCommand({
  name: "destroy",
  call: "npm run destroy --",
  sentence: "Takes the bar away, asks what is to become of its data, and lists what is left.",
  settings: {
    isKeepData: toggle({
      flag: "--keep-data",
      sentence: "takes away what runs without a question; tables, user pool and their stack stay",
    }),
    isEverything: toggle({ flag: "--everything", sentence: "asks nothing: takes away all of it, orders and people too" }),
    bar,
    region,
  },
});

const moving = {
  file: required({ operand: "FILE", kind: { ...text, expected: "the file of a bar's data" }, sentence: "the data, in lines of JSON" }),
  bar,
  endpoint: setting({
    flag: "--endpoint-url",
    variable: "AWS_ENDPOINT_URL",
    shape: "URL",
    kind: text,
    usual: "AWS's own of the region",
    sentence: "where DynamoDB is",
  }),
  region: setting({ ...region, kind: text, otherwise: "us-east-1", flag: "--region", shape: "REGION", sentence: "the bar's region" }),
  dataFolder: setting({
    flag: "--data",
    shape: "FOLDER",
    kind: text,
    usual: "credentials as AWS's tools find them",
    sentence: "folder of a bar on this machine, for its key",
  }),
};

/** `npm run export`. */
export const exportData = defineCommand({
  name: "export",
  call: "npm run export --",
  sentence: "Writes a bar's five tables into one file.",
  settings: moving,
});

/** `npm run import`. */
export const importData = defineCommand({
  name: "import",
  call: "npm run import --",
  sentence: "Reads such a file into the tables of another bar, whole or not at all.",
  settings: {
    ...moving,
    isOverwrite: toggle({ flag: "--overwrite", sentence: "writes over items that differ; order numbers never go back" }),
  },
});
