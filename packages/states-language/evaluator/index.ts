export { checkQuery } from "./check-query.ts";
export { createEvaluator, type Evaluator, type EvaluatorOptions, isVolatile } from "./evaluator.ts";
