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

/** Whether somebody works at the console: a pool whose admins are older than the group has no operator until one is named. */
export async function hasOperator(pool: CognitoIdentityProviderClient, UserPoolId: string): Promise<boolean> {
  const { Users = [] } = await pool.send(new ListUsersInGroupCommand({ UserPoolId, GroupName: "operator", Limit: 1 }));
  return Users.length > 0;
}

/** Makes the shop's first admin, an operator too, unless there is one. The password is told here and never again. */
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
  for (const GroupName of ["admin", "operator"]) await pool.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
  return admin;
}
