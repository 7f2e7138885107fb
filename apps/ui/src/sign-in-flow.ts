/**
 * The way in by e-mail and password, step by step.
 *
 * F1. Who has shown that the address is theirs, but not with the password of the account, sets their own at once: somebody else began it.
 */
import { type Signal, signal } from "@preact/signals";
import { type Account, createAccount } from "./account.ts";
import { Problem } from "./problem.ts";
import type { Session } from "./session.ts";
import type { UserPool } from "./user-pool.ts";

export type SignInStep = "signIn" | "signUp" | "confirm" | "forgot" | "reset";

export interface SignInFlow {
  readonly step: Signal<SignInStep>;
  readonly email: Signal<string>;
  readonly password: Signal<string>;
  /** What is to be said beside the step: the address has an account; the account was begun with another password. */
  readonly note: Signal<"taken" | "otherPassword" | undefined>;
  goTo(step: SignInStep): void;
  /** Sends the step's form. Rejects with what is to be shown. */
  submit(fields: Readonly<Record<string, string>>): Promise<void>;
  resendCode(): Promise<void>;
}

const isProblem = (error: unknown, ...types: string[]): boolean => error instanceof Problem && types.includes(error.type);

export function createSignInFlow(pool: UserPool, session: Pick<Session, "adopt">): SignInFlow {
  const account: Account = createAccount(pool);
  const [step, email, password] = [signal<SignInStep>("signIn"), signal(""), signal("")];
  const note: SignInFlow["note"] = signal(undefined);
  const enter = async (): Promise<void> => session.adopt(await pool.signIn(email.value, password.value));

  function goTo(next: SignInStep, why?: "taken" | "otherPassword"): void {
    note.value = why;
    step.value = next;
  }

  async function setOwnPassword(why?: "otherPassword"): Promise<void> {
    await account.forgotPassword(email.value);
    goTo("reset", why);
  }

  const submits: Record<SignInStep, (fields: Readonly<Record<string, string>>) => Promise<void>> = {
    signIn: () =>
      enter().catch(async (error: unknown) => {
        if (isProblem(error, "PasswordResetRequiredException")) return setOwnPassword();
        if (!isProblem(error, "UserNotConfirmedException")) throw error;
        await account.resendCode(email.value);
        goTo("confirm");
      }),
    async signUp({ name = "" }) {
      await account.signUp(email.value, password.value, name).catch((error: unknown) => {
        if (isProblem(error, "UsernameExistsException")) note.value = "taken";
        throw error;
      });
      goTo("confirm");
    },
    async confirm({ code = "" }) {
      await account.confirmSignUp(email.value, code);
      if (!password.value) return goTo("signIn");
      await enter().catch((error: unknown) => {
        if (isProblem(error, "NotAuthorizedException", "PasswordResetRequiredException")) return setOwnPassword("otherPassword");
        throw error;
      });
    },
    forgot: () => setOwnPassword(),
    async reset({ code = "" }) {
      await account.confirmForgotPassword(email.value, code, password.value);
      await enter();
    },
  };

  return {
    step,
    email,
    password,
    note,
    goTo,
    submit: (fields) => submits[step.value](fields),
    resendCode: () => account.resendCode(email.value),
  };
}
