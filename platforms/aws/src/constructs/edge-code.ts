/** What runs at CloudFront's edge: short scripts of its own runtime, as text. */

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

/** What `/settings.json` answers beside the host it was asked for by and the time. */
export interface PublicSettings {
  readonly region: string;
  readonly userPoolId: string;
  readonly userPoolWebClientId: string;
  readonly poolId: string;
  readonly userPoolEndpoint: string;
}

/** `/settings.json`: what the apps need to know of this deployment, with the time as it is. */
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

/** `/mqtt`: IoT Core is told which authorizer to ask, whatever the client says. */
export function mqttCode(authorizerName: string): string {
  return `function handler(event) {
  event.request.querystring = { "x-amz-customauthorizer-name": { value: "${authorizerName}" } };
  return event.request;
}`;
}
