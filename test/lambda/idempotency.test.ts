/** The cases of `test/api/idempotency.test.ts`, through API Gateway and Lambda's bundles. */
import { withGaps } from "./support/gaps.ts";
import { useLambda } from "./support/lambda-bar.ts";

useLambda();
const because =
  "PUT /orders/{id} runs the workflow with no function that could keep keys: an action repeated is answered as the order then is";
withGaps([
  { case: "the same key, the same answer, once", because },
  { case: "twenty at once: one is done, all are answered alike", because, neverEnds: true },
  { case: "the same key for another body or another order*", because },
  { case: "a key 'longer than the document allows'*", because },
  { case: "a key 'with a space'*", because },
]);
await import("../api/idempotency.test.ts");
