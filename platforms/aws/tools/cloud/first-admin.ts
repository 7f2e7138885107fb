import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  ListUsersInGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";

/** The first admin's credentials. */
export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
}

/** Resolves to true if the group of operators has a member. In a pool whose admins are older than the group it is empty at first. */
export async function hasOperator(pool: CognitoIdentityProviderClient, UserPoolId: string): Promise<boolean> {
  const { Users = [] } = await pool.send(new ListUsersInGroupCommand({ UserPoolId, GroupName: "operator", Limit: 1 }));
  return Users.length > 0;
}

/** Creates the shop's first admin, who is an operator too, and resolves to the credentials; undefined if the pool has an admin. */
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
