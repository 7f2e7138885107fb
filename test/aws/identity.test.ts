import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, openAwsBar } from "./support.ts";

let bar: AwsBar;
let ClientId: string;
beforeAll(async () => {
  bar = await openAwsBar();
  ClientId = bar.platform.identities.pool.clientId;
});
afterAll(() => bar.close());

const Password = "Flat-White-And-Two-Sugars-7";

test("an account is made without a key, confirmed with one, and signs in", async () => {
  const nobody = new CognitoIdentityProviderClient({ ...bar.client, credentials: { accessKeyId: "none", secretAccessKey: "none" } });
  const operator = new CognitoIdentityProviderClient(bar.client);
  const Username = "barista@example.com";
  await nobody.send(new SignUpCommand({ ClientId, Username, Password, UserAttributes: [{ Name: "name", Value: "Bea" }] }));

  const { UserPools = [] } = await operator.send(new ListUserPoolsCommand({ MaxResults: 10 }));
  const UserPoolId = UserPools[0]?.Id ?? "";
  await operator.send(new AdminConfirmSignUpCommand({ UserPoolId, Username }));
  await operator.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: "admin" }));
  const { UserStatus, UserCreateDate } = await operator.send(new AdminGetUserCommand({ UserPoolId, Username }));
  expect([UserStatus, UserCreateDate]).toEqual(["CONFIRMED", new Date(bar.clock.nowMs())]);

  const AuthParameters = { USERNAME: Username, PASSWORD: Password };
  const { AuthenticationResult } = await nobody.send(new InitiateAuthCommand({ AuthFlow: "USER_PASSWORD_AUTH", ClientId, AuthParameters }));
  const AccessToken = AuthenticationResult?.AccessToken ?? "";
  const { UserAttributes = [] } = await nobody.send(new GetUserCommand({ AccessToken }));
  expect(UserAttributes).toContainEqual({ Name: "name", Value: "Bea" });
  await expect(nobody.send(new ListUsersCommand({ UserPoolId }))).rejects.toMatchObject({
    name: "UnrecognizedClientException",
    $metadata: { httpStatusCode: 403 },
  });
  const wrong = { ...AuthParameters, PASSWORD: "wrong" };
  await expect(
    nobody.send(new InitiateAuthCommand({ AuthFlow: "USER_PASSWORD_AUTH", ClientId, AuthParameters: wrong })),
  ).rejects.toMatchObject({ name: "NotAuthorizedException" });
});
