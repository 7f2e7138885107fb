/**
 * People without a password of their own, in Cognito: guests and paired devices.
 *
 * U1. Such a user has an address of the reserved domain `.invalid`, to which no mail can go, and none is sent.
 * U2. Its password is 256 random bits, set at each sign-in, used once and kept nowhere; tokens are renewed by refresh token like anyone's.
 * U3. Making a user of a name that is taken takes that user: a repeat after a lost answer makes no second one.
 */
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  InvalidParameterException,
} from "@aws-sdk/client-cognito-identity-provider";
import { neutraliseName } from "@serverlesspresso/identity/display-name";
import type { Identities, Ids, Tokens } from "@serverlesspresso/ports";

/** The client of Cognito, and the user pool and app client that it works on. */
export interface IdentitiesOptions {
  readonly cognito: Pick<CognitoIdentityProviderClient, "send">;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly ids: Pick<Ids, "secret">;
}

/** The part of Cognito that guests and devices need. */
export function createIdentities({ cognito, userPoolId, clientId, ids }: IdentitiesOptions): Identities {
  return {
    async signInWithoutPassword({ id, kind, name, groups = [], isRepeat = false }) {
      const shown = neutraliseName(name);
      if (shown === "") throw new InvalidParameterException({ message: "The name has nothing that can be called out.", $metadata: {} });
      const Username = `${kind}-${id.toLowerCase()}@${kind}s.invalid`;
      // Whatever kinds of characters the pool's policy asks for.
      const password = `${ids.secret(256)}aA1-`;
      if (!isRepeat) await make(Username, shown, password, groups);
      await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId: userPoolId, Username, Password: password, Permanent: true }));
      return tokensOf(await signIn(Username, password));
    },
  };

  async function make(Username: string, name: string, password: string, groups: readonly string[]): Promise<void> {
    await create(Username, name, password);
    for (const GroupName of groups) {
      await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId: userPoolId, Username, GroupName }));
    }
  }

  async function create(Username: string, name: string, password: string): Promise<void> {
    const UserAttributes = [
      { Name: "email", Value: Username },
      { Name: "name", Value: name },
    ];
    const request = { UserPoolId: userPoolId, Username, UserAttributes, TemporaryPassword: password, MessageAction: "SUPPRESS" } as const;
    await cognito.send(new AdminCreateUserCommand(request)).catch((error: Error) => {
      if (error.name !== "UsernameExistsException") throw error;
    });
  }

  function signIn(USERNAME: string, PASSWORD: string) {
    const AuthParameters = { USERNAME, PASSWORD };
    return cognito.send(new InitiateAuthCommand({ AuthFlow: "USER_PASSWORD_AUTH", ClientId: clientId, AuthParameters }));
  }
}

function tokensOf({ AuthenticationResult = {} }: InitiateAuthCommandOutput): Tokens {
  const { AccessToken, IdToken, RefreshToken, ExpiresIn } = AuthenticationResult;
  if (AccessToken === undefined || IdToken === undefined || RefreshToken === undefined || ExpiresIn === undefined) {
    throw new Error("the user pool answered no tokens: is the app client's sign-in by password switched on?");
  }
  return { AccessToken, IdToken, RefreshToken, ExpiresIn, TokenType: "Bearer" };
}
