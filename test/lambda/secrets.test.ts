/** The cases of `test/api/secrets.test.ts`, through API Gateway and Lambda's bundles. */
import { withGaps } from "./support/gaps.ts";
import { useLambda } from "./support/lambda-bar.ts";

useLambda();
withGaps([
  {
    case: "RELIABILITY 4, 27: the logs hold no task token*",
    because: "what a function writes goes to its output, which Lambda puts into the log",
  },
]);
await import("../api/secrets.test.ts");
