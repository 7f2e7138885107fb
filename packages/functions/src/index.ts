export { FunctionError, type FunctionErrorCode } from "./errors.ts";
export { createFunctions, type FunctionSettings, type Functions, type FunctionsOptions, type InvocationResult } from "./functions.ts";
export { lambda } from "./lambda.ts";
