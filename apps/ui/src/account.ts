/** The user pool's calls about an account: making, confirming and recovering it. */
import type { UserPool } from "./user-pool.ts";

/** The user pool's calls about accounts. Each rejects with a Problem where the pool refuses it. */
export interface Account {
  signUp(email: string, password: string, name: string): Promise<void>;
  confirmSignUp(email: string, code: string): Promise<void>;
  resendCode(email: string): Promise<void>;
  forgotPassword(email: string): Promise<void>;
  confirmForgotPassword(email: string, code: string, password: string): Promise<void>;
}

/** Returns the account calls of a user pool. */
export function createAccount({ call }: UserPool): Account {
  return {
    async signUp(Username, Password, name) {
      const UserAttributes = [{ Name: "email", Value: Username }, ...(name ? [{ Name: "name", Value: name }] : [])];
      await call("SignUp", { Username, Password, UserAttributes });
    },
    confirmSignUp: async (Username, ConfirmationCode) => void (await call("ConfirmSignUp", { Username, ConfirmationCode })),
    resendCode: async (Username) => void (await call("ResendConfirmationCode", { Username })),
    forgotPassword: async (Username) => void (await call("ForgotPassword", { Username })),
    confirmForgotPassword: async (Username, ConfirmationCode, Password) =>
      void (await call("ConfirmForgotPassword", { Username, ConfirmationCode, Password })),
  };
}
