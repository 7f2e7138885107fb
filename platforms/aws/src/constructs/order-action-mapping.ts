/**
 * How API Gateway turns `PUT /orders/{id}` into the order manager's input, and its verdict into an answer, in Velocity templates.
 *
 * OA1. Who acts, and whether as staff, comes from the verified token's claims alone. Everything the caller wrote goes through an escape or
 *     is JSON that the gateway itself has parsed and printed, so that no text becomes structure.
 * OA2. The answer is what the local gateway answers: the verdict's own status, its body as JSON or its problem as `application/problem+json`.
 * OA3. The body is cut out of the verdict's text, not printed anew, so that its numbers stay as they are. Step Functions writes the two members
 *     in either order.
 */
import { problem } from "@serverlesspresso/contract";

const problemType = "application/problem+json";
const internalError = JSON.stringify(problem("internal-error", "Something went wrong here. Try again."));
const tookTooLong = JSON.stringify(problem("unavailable", "That took too long. Try again."));

/** A text of Velocity without line breaks between its lines: they would end up in the result. */
const lines = (...parts: readonly string[]): string => parts.join("\n");

/** Request: the input of `StartSyncExecution`. `arn` is filled in by CloudFormation. */
export function requestTemplate(stateMachineArn: string): string {
  return lines(
    "#set($q = '\"')",
    "#set($groups = $context.authorizer.claims['cognito:groups'])",
    "#set($isAdmin = false)",
    '#if($groups && $groups.matches("(.*[,\\[ ])?admin([,\\] ].*)?"))#set($isAdmin = true)#end',
    "#set($body = $input.json('$'))",
    '#if(!$body || $body == "" || $body == "null")#set($body = "{}")#end',
    `#set($action = ${escaped("$input.params().querystring.get('action')")})`,
    "#if(!$input.params().querystring.get('action'))#set($action = \"\")#end",
    `#set($id = ${escaped("$input.params().path.get('id')")})`,
    `#set($user = ${escaped("$context.authorizer.claims.sub")})`,
    `#set($order = "{\${q}action\${q}:\${q}$action\${q},\${q}orderId\${q}:\${q}$id\${q},\${q}userId\${q}:\${q}$user\${q},` +
      `\${q}isAdmin\${q}:$isAdmin,\${q}nowMs\${q}:$context.requestTimeEpoch,\${q}body\${q}:$body}")`,
    `{"stateMachineArn":"${stateMachineArn}","input":"${escaped("$order")}"}`,
  );
}

/** `escapeJavaScript` also writes `\'`, which is no JSON. */
function escaped(value: string): string {
  return `$util.escapeJavaScript(${value}).replaceAll("\\\\'", "'")`;
}

/** Answer: the verdict's status and what it carries. */
export const responseTemplate = lines(
  "#set($status = $input.path('$.status'))",
  `#if($status == "SUCCEEDED")`,
  "#set($text = $input.path('$.output'))",
  "#set($verdict = $util.parseJson($text))",
  "#set($context.responseOverride.status = $verdict.statusCode)",
  `#set($member = '"body":')`,
  `#if($verdict.problem)#set($member = '"problem":')#set($context.responseOverride.header.Content-Type = "${problemType}")#end`,
  "#set($from = $text.indexOf($member) + $member.length())",
  "#set($to = $text.length() - 1)",
  `#set($after = $text.lastIndexOf(',"statusCode":'))`,
  "#if($after > $from)#set($to = $after)#end",
  "$text.substring($from, $to)",
  `#elseif($status == "TIMED_OUT")`,
  `#set($context.responseOverride.status = 503)#set($context.responseOverride.header.Content-Type = "${problemType}")`,
  tookTooLong,
  "#else",
  `#set($context.responseOverride.status = 500)#set($context.responseOverride.header.Content-Type = "${problemType}")`,
  internalError,
  "#end",
);

/** What the gateway itself refuses, in the API's own words, by API Gateway's name for it. */
export const gatewayRefusals = {
  UNAUTHORIZED: problem("not-signed-in", "Sign in first."),
  EXPIRED_TOKEN: problem("not-signed-in", "The sign-in has ended. Sign in again."),
  ACCESS_DENIED: problem("not-allowed", "This token may not do this."),
  BAD_REQUEST_BODY: problem("invalid-body", "The body of the request is not what this call takes."),
  UNSUPPORTED_MEDIA_TYPE: problem("unsupported-media-type", "The body must be JSON."),
  THROTTLED: problem("too-many-requests", "Too many requests. Try again in a moment."),
  DEFAULT_4XX: problem("invalid-request", "The request cannot be understood."),
  DEFAULT_5XX: problem("unavailable", "The shop is busy. Try again."),
} as const;

/** What stands for a call that Step Functions refused or could not take. */
export const unavailable = JSON.stringify(problem("unavailable", "The shop is busy. Try again."));
