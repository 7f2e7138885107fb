/** The cases of `test/api/http.test.ts`, through API Gateway and Lambda's bundles. */
import { withGaps } from "./support/gaps.ts";
import { useLambda } from "./support/lambda-bar.ts";

useLambda({ gatewayAnswers: 4 });
const model =
  "the body of PUT /orders/{id} is read by API Gateway: what its model refuses is 422 whatever is wrong with it, and of a member that is there twice the last counts";
withGaps([
  ...[
    "'half a body': 400",
    "'a member twice': 400",
    "'__proto__': 400",
    "'a nest of 8,000': 400",
    "'more than 16 KB': 413",
    "'a form': 415",
    "'JSON as text': 415",
    "'gzip': 415",
    "'a list': 422",
    "'null': 422",
    "'a long note': 422",
  ].map((name) => ({ case: name, because: model })),
  { case: "a Host that is not ours: 421", because: "an API has one host of its own, and no request for another reaches it" },
  { case: "two Hosts: 400*", because: "API Gateway looks at them, before any code of the shop's" },
  { case: "pages of other origins read nothing", because: "API Gateway itself answers for other origins, as the deployment's list says" },
  { case: "HEAD answers as GET does*", because: "an HTTP API has the methods of its routes alone" },
  { case: "RELIABILITY 20: no refusal*", because: "what API Gateway itself refuses is JSON, without headers of ours" },
  { case: "a guest's flood is answered 429*", because: "API Gateway throttles all callers of a route together, not each of them" },
]);
await import("../api/http.test.ts");
