/**
 * The order manager's API: one REST method that runs the Express workflow and waits for its verdict, without a function in between.
 * It is a REST API because mapping templates can escape the caller's text, take the user from the token and set the verdict's status.
 */
import { invisiblePattern, type Names } from "@serverlesspresso/contract";
import { ActionBody } from "@serverlesspresso/contract/api";
import { Stack } from "aws-cdk-lib";
import {
  AuthorizationType,
  AwsIntegration,
  CognitoUserPoolsAuthorizer,
  EndpointType,
  type IntegrationResponse,
  type JsonSchema,
  JsonSchemaVersion,
  PassthroughBehavior,
  ResponseType,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import type { IUserPool } from "aws-cdk-lib/aws-cognito";
import type { Construct } from "constructs";
import { z } from "zod";
import { gatewayRefusals, requestTemplate, responseTemplate, unavailable } from "./order-action-mapping.ts";
import { roleFor } from "./roles.ts";

/** The scope that every access token of the pool has, and no id token. */
const accessScope = "aws.cognito.signin.user.admin";
const problemType = "'application/problem+json'";

/** Returns the API's address, with a slash at its end. */
export function createOrderManagerApi(scope: Construct, { bar }: Names, stateMachineArn: string, userPool: IUserPool): string {
  const api = new RestApi(scope, "OrderManagerApi", {
    restApiName: `${bar}-OrderManager`,
    description: "Runs the order manager's workflow; the HTTP API hands PUT /orders/{id} on to it",
    endpointTypes: [EndpointType.REGIONAL],
    cloudWatchRole: false,
    deployOptions: { stageName: "v1", throttlingRateLimit: 500, throttlingBurstLimit: 1000, tracingEnabled: true },
  });
  for (const [type, problem] of Object.entries(gatewayRefusals)) {
    api.addGatewayResponse(`Refusal-${type}`, {
      type: ResponseType.of(type),
      statusCode: String(problem.status),
      responseHeaders: { "Content-Type": problemType },
      templates: { "application/json": JSON.stringify(problem) },
    });
  }
  const rights = [{ action: "states:StartSyncExecution", resource: stateMachineArn }];
  const role = roleFor(scope, "OrderManagerApi-role", "apigateway.amazonaws.com", rights, "Runs the order manager's workflow");
  api.root
    .addResource("orders")
    .addResource("{id}")
    .addMethod(
      "PUT",
      new AwsIntegration({
        service: "states",
        action: "StartSyncExecution",
        integrationHttpMethod: "POST",
        options: {
          credentialsRole: role,
          passthroughBehavior: PassthroughBehavior.NEVER,
          requestTemplates: { "application/json": requestTemplate(stateMachineArn) },
          integrationResponses: integrationResponses(),
        },
      }),
      {
        authorizationType: AuthorizationType.COGNITO,
        authorizer: new CognitoUserPoolsAuthorizer(scope, "OrderManagerApi-tokens", { cognitoUserPools: [userPool] }),
        authorizationScopes: [accessScope],
        requestParameters: { "method.request.querystring.action": false },
        requestModels: { "application/json": api.addModel("ActionBody", { contentType: "application/json", schema: bodySchema() }) },
        requestValidatorOptions: { requestValidatorName: "body", validateRequestBody: true, validateRequestParameters: true },
        methodResponses: [200, 503].map((status) => ({
          statusCode: String(status),
          responseParameters: { "method.response.header.Content-Type": true },
        })),
      },
    );
  return `https://${api.restApiId}.execute-api.${Stack.of(scope).region}.amazonaws.com/v1/`;
}

function integrationResponses(): IntegrationResponse[] {
  return [
    { statusCode: "200", responseTemplates: { "application/json": responseTemplate } },
    {
      statusCode: "503",
      selectionPattern: "[45]\\d{2}",
      responseParameters: { "method.response.header.Content-Type": problemType },
      responseTemplates: { "application/json": unavailable },
    },
  ];
}

/** The route's own schema, in the draft that API Gateway reads. Refuses invisible characters in a reason, which the local gateway removes; the menu's check removes them from name and note. */
function bodySchema(): JsonSchema {
  const { $schema: _, properties, ...schema } = z.toJSONSchema(ActionBody, { io: "input", target: "draft-4" });
  const reason = { ...(properties?.reason as object), pattern: invisiblePattern };
  return { schema: JsonSchemaVersion.DRAFT4, ...schema, properties: { ...properties, reason } } as unknown as JsonSchema;
}
