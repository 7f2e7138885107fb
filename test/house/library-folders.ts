/**
 * Where the product imports each library, so that replacing one is a change of one folder.
 * Tests, benches, conformance suites and tools may import any.
 */
export const libraryFolders: Readonly<Record<string, readonly string[]>> = {
  // The store, sign-in, the live channel, expressions.
  lmdb: ["packages/store/src"],
  "@node-rs/argon2": ["packages/identity/src"],
  "@zxcvbn-ts/language-common": ["packages/identity/src"],
  // Local tokens are signed in the user pool; at AWS, Lambda verifies Cognito's.
  jose: ["packages/identity/src", "platforms/aws/src/runtime/live"],
  ws: ["packages/topics/src"],
  jsonata: ["packages/states-language"],
  // Requests, stored items and settings arrive as `unknown` in all of these.
  zod: ["contract", "services", "blueprint", "packages", "platforms"],
  // The local platform's edges.
  "@hono/node-server": ["platforms/local/src/http"],
  hono: ["platforms/local/src/http"],
  nodemailer: ["platforms/local/src"],
  // One QR code on the terminal, one on the display.
  uqr: ["platforms/local/src", "apps/display/src"],
  // Browsers.
  preact: ["apps"],
  "@preact/signals": ["apps"],
  "@preact/preset-vite": ["apps"],
  vite: ["apps"],
  // AWS: templates, then what runs in Lambda, then the commands of an operator.
  "aws-cdk-lib": ["platforms/aws/src/constructs", "platforms/aws/src/stacks", "platforms/aws/src/shop-app.ts", "platforms/aws/src/checks"],
  constructs: ["platforms/aws/src/constructs", "platforms/aws/src/stacks"],
  rolldown: ["platforms/aws/src"],
  "aws-lambda": ["platforms/aws/src/runtime"],
  "@aws-lambda-powertools/batch": ["platforms/aws/src/runtime"],
  "@aws-lambda-powertools/idempotency": ["platforms/aws/src/runtime"],
  "@aws-lambda-powertools/logger": ["platforms/aws/src/runtime"],
  "@aws-sdk/util-dynamodb": ["platforms/aws/src/runtime/adapters"],
  "@aws-sdk/client-dynamodb": ["platforms/aws/src/runtime", "platforms/aws/move", "platforms/aws/tools"],
  "@aws-sdk/client-cloudwatch": ["platforms/aws/src/runtime"],
  "@aws-sdk/client-cognito-identity-provider": ["platforms/aws/src/runtime", "platforms/aws/tools"],
  "@aws-sdk/client-eventbridge": ["platforms/aws/src/runtime"],
  "@aws-sdk/client-iot-data-plane": ["platforms/aws/src/runtime"],
  "@aws-sdk/client-sfn": ["platforms/aws/src/runtime"],
  "@aws-sdk/client-cloudformation": ["platforms/aws/tools"],
  "@aws-sdk/client-cloudwatch-logs": ["platforms/aws/tools"],
  "@aws-sdk/client-resource-groups-tagging-api": ["platforms/aws/tools"],
  "@aws-sdk/client-sts": ["platforms/aws/tools"],
  mqtt: ["platforms/aws/smoke"],
};
