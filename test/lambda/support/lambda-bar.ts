import { putBefore } from "../../support/bar.ts";
import { openLambdaFront } from "./front.ts";
import { readGatewayWords } from "./gateway-words.ts";

/** Every bar opened from now on has API Gateway and Lambda's bundles in place of the local gateway and functions. */
export function useLambda({ gatewayAnswers = 0 } = {}): void {
  putBefore(openLambdaFront);
  readGatewayWords(gatewayAnswers);
}
