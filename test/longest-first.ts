import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest, longest first: what starts last is short, and no worker is left alone with a long one. */
const longest = [
  "test/races/races.test.ts",
  "test/crash/crash.test.ts",
  "test/races/kills.test.ts",
  "test/faults/faults.test.ts",
  "tools/asl/asl.test.ts",
  "test/workshop/session.test.ts",
  "packages/states-language/evaluator/evaluator.test.ts",
  "test/e2e/time.test.ts",
  "test/e2e/journey.test.ts",
  "platforms/local/src/main.test.ts",
  "test/e2e/ends.test.ts",
  "test/aws/aws-tools.test.ts",
  "conformance/contracts/tables.test.ts",
  "test/lambda/runtime.test.ts",
  "test/e2e/sign-out.test.ts",
  "test/api/process.test.ts",
  "services/races.test.ts",
  "test/aws/move.test.ts",
  "test/aws/event-loop.test.ts",
];

/** Starts the longest files first; the others follow in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
