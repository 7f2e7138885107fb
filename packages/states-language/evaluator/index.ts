export { createEvaluator, type Evaluator, type EvaluatorOptions, isVolatile } from "./evaluator.ts";
