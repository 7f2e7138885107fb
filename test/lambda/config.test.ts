/** The cases of `test/api/config.test.ts`, through API Gateway and Lambda's bundles. */
import { useLambda } from "./support/lambda-bar.ts";

useLambda();
await import("../api/config.test.ts");
