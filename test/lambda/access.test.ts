/** The cases of `test/api/access.test.ts`, through API Gateway and Lambda's bundles. */
import { useLambda } from "./support/lambda-bar.ts";

useLambda({ gatewayAnswers: 60 });
await import("../api/access.test.ts");
