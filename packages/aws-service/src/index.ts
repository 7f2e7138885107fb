export { absent } from "./absence.ts";
export {
  type AwsService,
  type BoundService,
  callOperation,
  defineAwsService,
  type OptimizedNames,
  type ServiceDescription,
  type ServiceErrors,
} from "./aws-service.ts";
export type { HttpAnswer, HttpBinding } from "./http-binding.ts";
export {
  type AwsCaller,
  isChanging,
  type OperationDescription,
  type OperationVerbs,
  type OptimizedForm,
  operationsOn,
} from "./operation.ts";
export { absenceTable, operationsTable, overviewOf, type ServiceOverview } from "./overview.ts";
export type { Page } from "./paging.ts";
export type { QueryMap, QueryShapes } from "./query-shapes.ts";
export { asGiven, requestParser } from "./request.ts";
export { AwsServiceError } from "./service-error.ts";
export { type ValidationFault, validationFault } from "./validation-words.ts";
