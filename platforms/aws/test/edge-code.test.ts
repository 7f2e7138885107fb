/** What runs at CloudFront's edge, run here: its language is a part of JavaScript's. */
import { expect, test } from "vitest";
import { mqttCode, pagesCode, settingsCode } from "../src/constructs/edge-code.ts";

interface EdgeRequest {
  uri: string;
  querystring: Record<string, { value: string }>;
  headers: Record<string, { value: string }>;
}
type Answer = EdgeRequest & { statusCode?: number; body?: string };

function run(code: string, uri: string, querystring: EdgeRequest["querystring"] = {}): Answer {
  const handler = new Function(`${code}\nreturn handler;`)() as (event: { request: EdgeRequest }) => Answer;
  return handler({ request: { uri, querystring, headers: { host: { value: "coffee.example.org" } } } });
}

test.each([
  ["/order/", "/order/index.html"],
  ["/assets/order-12345678.js", "/assets/order-12345678.js"],
])("%s is %s", (uri, file) => expect(run(pagesCode, uri).uri).toBe(file));

test("an app without its slash is sent on, with its query", () => {
  const answer = run(pagesCode, "/order", { token: { value: "a%2Fb" } });
  expect([answer.statusCode, answer.headers.location?.value]).toEqual([308, "/order/?token=a%2Fb"]);
});

test("the bare address is the order app's", () => expect(run(pagesCode, "/").headers.location?.value).toBe("/order/"));

test("the settings name the host they were asked of, and the time", () => {
  const settings = {
    bar: "another",
    region: "eu-west-1",
    userPoolId: "p",
    userPoolWebClientId: "c",
    poolId: "p",
    userPoolEndpoint: "https://cognito-idp.eu-west-1.amazonaws.com",
  };
  const { statusCode, headers, body } = run(settingsCode(settings), "/settings.json");
  const { nowMs, ...rest } = JSON.parse(body ?? "") as Record<string, unknown>;
  expect(statusCode).toBe(200);
  expect(headers["cache-control"]?.value).toBe("no-store");
  expect(nowMs).toBeTypeOf("number");
  const origin = "https://coffee.example.org";
  expect(rest).toEqual({
    ...settings,
    clockRate: 1,
    host: "coffee.example.org",
    orderManagerEndpoint: origin,
    APIGWEndpointValidatorService: origin,
    APIGWEndpointConfigService: origin,
  });
});

test("a client cannot choose its authorizer", () => {
  const { querystring } = run(mqttCode("Ours"), "/mqtt", { "x-amz-customauthorizer-name": { value: "Theirs" }, more: { value: "1" } });
  expect(querystring).toEqual({ "x-amz-customauthorizer-name": { value: "Ours" } });
});
