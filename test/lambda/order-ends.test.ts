/** The cases of `test/api/order-ends.test.ts`, through API Gateway and Lambda's bundles. */
import { withGaps } from "./support/gaps.ts";
import { useLambda } from "./support/lambda-bar.ts";

useLambda();
withGaps([
  {
    case: "an order that is '*",
    because: "the reason of a cancellation is not cleaned on its way into the workflow: one with invisible characters is refused",
  },
]);
await import("../api/order-ends.test.ts");
