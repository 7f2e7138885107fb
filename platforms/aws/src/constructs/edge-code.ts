/**
 * The CloudFront Functions, as text: short scripts for CloudFront's own JavaScript runtime.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */

/** `/order` → `/order/` → its page; `/` → the order app. */
export const pagesCode = `function handler(event) {
  var request = event.request;
  if (request.uri === "/") return { statusCode: 302, headers: { location: { value: "/order/" } } };
  if (request.uri.endsWith("/")) request.uri += "index.html";
  else if (request.uri.indexOf(".") < 0) {
    var query = Object.keys(request.querystring).map(function (name) {
      return name + "=" + request.querystring[name].value;
    });
    return { statusCode: 308, headers: { location: { value: request.uri + "/" + (query.length ? "?" + query.join("&") : "") } } };
  }
  return request;
}`;

/** The content of `/settings.json` except the host of the request and the time. */
export interface PublicSettings {
  /** The bar, after which its topics are named. */
  readonly bar: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly userPoolWebClientId: string;
  readonly poolId: string;
  readonly userPoolEndpoint: string;
}

/** Returns the function for `/settings.json`: the settings of this deployment, with the current time. */
export function settingsCode(settings: PublicSettings): string {
  return `function handler(event) {
  var host = event.request.headers.host.value;
  var origin = "https://" + host;
  var settings = ${JSON.stringify({ ...settings, clockRate: 1 })};
  settings.host = host;
  settings.orderManagerEndpoint = origin;
  settings.APIGWEndpointValidatorService = origin;
  settings.APIGWEndpointConfigService = origin;
  settings.nowMs = Date.now();
  return {
    statusCode: 200,
    headers: { "content-type": { value: "application/json" }, "cache-control": { value: "no-store" } },
    body: JSON.stringify(settings),
  };
}`;
}

/** Returns the function for `/mqtt`: it sets the authorizer that IoT Core calls, and overrides any that the client names. */
export function mqttCode(authorizerName: string): string {
  return `function handler(event) {
  event.request.querystring = { "x-amz-customauthorizer-name": { value: "${authorizerName}" } };
  return event.request;
}`;
}
