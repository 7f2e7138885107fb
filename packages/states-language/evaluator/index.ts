export { decideWith } from "./decide-with.ts";
export { createEvaluator, type Evaluator, type EvaluatorOptions, isVolatile } from "./evaluator.ts";
