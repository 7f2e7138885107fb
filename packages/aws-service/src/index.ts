export { type AwsService, type BoundService, callOperation, defineAwsService, type ServiceDescription } from "./aws-service.ts";
export { type AwsCaller, operationsOn } from "./operation.ts";
export type { Page } from "./paging.ts";
export { asGiven, requestParser } from "./request.ts";
export { AwsServiceError } from "./service-error.ts";
export { type ValidationFault, validationFault } from "./validation-words.ts";
