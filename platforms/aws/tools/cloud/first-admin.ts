import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  ListUsersInGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";

export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
}

/** Makes the shop's first admin, unless there is one. The password is told here and never again. */
export async function ensureFirstAdmin(
  pool: CognitoIdentityProviderClient,
  UserPoolId: string,
  admin: FirstAdmin,
): Promise<FirstAdmin | undefined> {
  const { Users = [] } = await pool.send(new ListUsersInGroupCommand({ UserPoolId, GroupName: "admin", Limit: 1 }));
  if (Users.length > 0) return undefined;
  const Username = admin.email;
  await pool.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: admin.email },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  await pool.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: admin.password, Permanent: true }));
  await pool.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: "admin" }));
  return admin;
}
