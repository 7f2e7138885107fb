/** The cases of `test/api/by-hand.test.ts`, through API Gateway and Lambda's bundles. */
import { useLambda } from "./support/lambda-bar.ts";

useLambda();
await import("../api/by-hand.test.ts");
