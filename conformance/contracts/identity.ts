/** The user pool's contract: Cognito. */
import {
  AdminAddUserToGroupCommand,
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect } from "vitest";
import { describeContract, type Place } from "./contract.ts";

/** What the suite needs: `operator` has a key, the other client has no valid one. */
export interface IdentityTools {
  readonly operator: CognitoIdentityProviderClient;
  readonly nobody: CognitoIdentityProviderClient;
  readonly clientId: string;
  nowMs(): number;
}

/** At any endpoint that speaks its protocol. */
export function describeIdentityContract(place: Place<IdentityTools>): void {
  describeContract("identity", place, ({ before, check }) => {
    let operator: IdentityTools["operator"];
    let nobody: IdentityTools["nobody"];
    let nowMs: IdentityTools["nowMs"];
    let ClientId: string;
    before(async (tools) => {
      ({ operator, nobody, nowMs, clientId: ClientId } = tools);
    });

    const Password = "Flat-White-And-Two-Sugars-7";

    check("an account is made without a key, confirmed with one, and signs in", async () => {
      const Username = "barista@example.com";
      await nobody.send(new SignUpCommand({ ClientId, Username, Password, UserAttributes: [{ Name: "name", Value: "Bea" }] }));

      const { UserPools = [] } = await operator.send(new ListUserPoolsCommand({ MaxResults: 10 }));
      const UserPoolId = UserPools[0]?.Id ?? "";
      await operator.send(new AdminConfirmSignUpCommand({ UserPoolId, Username }));
      await operator.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: "admin" }));
      const { UserStatus, UserCreateDate } = await operator.send(new AdminGetUserCommand({ UserPoolId, Username }));
      expect([UserStatus, UserCreateDate]).toEqual(["CONFIRMED", new Date(nowMs())]);

      const AuthParameters = { USERNAME: Username, PASSWORD: Password };
      const { AuthenticationResult } = await nobody.send(
        new InitiateAuthCommand({ AuthFlow: "USER_PASSWORD_AUTH", ClientId, AuthParameters }),
      );
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
  });
}
