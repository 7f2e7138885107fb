/**
 * Velocity templates by which API Gateway turns `PUT /orders/{id}` into the order manager's input, and its verdict into a response.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 *
 * OA1. The caller's id and role come from the claims of the verified token alone. Everything else of the request is escaped, or is JSON that
 *     the gateway itself has parsed and printed, so that no text becomes structure.
 * OA2. The response is the local gateway's: the verdict's own status, its body as JSON or its problem as `application/problem+json`.
 * OA3. The body is cut out of the verdict's text, not printed anew, so that its numbers stay as they are. Step Functions writes the two members
 *     in either order.
 */
import { problem } from "@serverlesspresso/contract";

const problemType = "application/problem+json";
const internalError = JSON.stringify(problem("internal-error", "Something went wrong here. Try again."));
const tookTooLong = JSON.stringify(problem("unavailable", "That took too long. Try again."));

/** Returns a template from its lines. */
const lines = (...parts: readonly string[]): string => parts.join("\n");

/** Returns the request template: the input of `StartSyncExecution`. CloudFormation fills in `arn`. */
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

/** Undoes the `\'` of `escapeJavaScript`, which is not valid JSON. */
function escaped(value: string): string {
  return `$util.escapeJavaScript(${value}).replaceAll("\\\\'", "'")`;
}

/** The response template: the verdict's status with its body or problem. */
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

/** The API's problems for requests that the gateway itself refuses, by API Gateway's name of the response. */
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

/** The problems for a call that Step Functions refused or could not accept. */
export const unavailable = JSON.stringify(problem("unavailable", "The shop is busy. Try again."));
