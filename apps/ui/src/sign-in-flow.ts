/**
 * The way in by e-mail and password, step by step.
 *
 * F1. Who has shown that the address is theirs, but not with the password of the account, sets their own at once: another person began the sign-up.
 * F2. A user who leaves the page while it waits for a code comes back to the same step; no password is kept.
 */
import { type Signal, signal } from "@preact/signals";
import { type Account, createAccount } from "./account.ts";
import { Problem } from "./problem.ts";
import type { Session } from "./session.ts";
import type { Shelf } from "./storage.ts";
import type { UserPool } from "./user-pool.ts";

/** A step of signing in. */
export type SignInStep = "signIn" | "signUp" | "confirm" | "forgot" | "reset";

type Note = "taken" | "otherPassword" | "confirmed";

/** What lies on the device of a flow that waits for a code (F2). */
interface Waiting {
  readonly step: SignInStep;
  readonly email: string;
  readonly note?: Note | undefined;
  /** Whether this device made the account, so that its user knows the password. */
  readonly signedUpHere?: boolean;
}

/** Signing in, signing up and a forgotten password, step by step (F1, F2). */
export interface SignInFlow {
  readonly step: Signal<SignInStep>;
  readonly email: Signal<string>;
  readonly password: Signal<string>;
  /** What is to be said beside the step: the address has an account; the account was begun with another password; the address is confirmed. */
  readonly note: Signal<Note | undefined>;
  /** Whether the code of this step was sent from here. */
  readonly codeSent: Signal<boolean>;
  goTo(step: SignInStep): void;
  /** Sends the step's form. Rejects with what is to be shown. */
  submit(fields: Readonly<Record<string, string>>): Promise<void>;
  resendCode(): Promise<void>;
}

const isProblem = (error: unknown, ...types: string[]): boolean => error instanceof Problem && types.includes(error.type);

const waitsForCode = (step: SignInStep): boolean => step === "confirm" || step === "reset";
const key = "sign-in";

/** Returns the flow at the step where this device left it. `session` adopts the tokens at its end. */
export function createSignInFlow(pool: UserPool, session: Pick<Session, "adopt">, shelf: Shelf): SignInFlow {
  const account: Account = createAccount(pool);
  const waiting = shelf.get<Waiting>(key);
  const [step, email, password] = [signal<SignInStep>(waiting?.step ?? "signIn"), signal(waiting?.email ?? ""), signal("")];
  const [note, codeSent] = [signal<Note | undefined>(waiting?.note), signal(false)];
  let signedUpHere = waiting?.signedUpHere === true;

  async function enter(): Promise<void> {
    const tokens = await pool.signIn(email.value, password.value);
    shelf.set(key, undefined);
    await session.adopt(tokens);
  }

  /** Goes on before the code is sent: that may fail, and can be asked for again there. */
  async function setOwnPassword(why: Note): Promise<void> {
    goTo("reset", why);
    await sendCode();
  }

  async function sendCode(): Promise<void> {
    await (step.value === "reset" ? account.forgotPassword(email.value) : account.resendCode(email.value));
    codeSent.value = true;
  }

  function goTo(next: SignInStep, why?: Note): void {
    note.value = why;
    codeSent.value = false;
    step.value = next;
    const kept: Waiting = { step: next, email: email.value, note: why, signedUpHere };
    shelf.set(key, waitsForCode(next) ? kept : undefined);
  }

  async function forgot(): Promise<void> {
    await account.forgotPassword(email.value);
    goTo("reset");
    codeSent.value = true;
  }

  const submits: Record<SignInStep, (fields: Readonly<Record<string, string>>) => Promise<void>> = {
    signIn: () =>
      enter().catch(async (error: unknown) => {
        if (isProblem(error, "PasswordResetRequiredException")) return setOwnPassword("otherPassword");
        if (!isProblem(error, "UserNotConfirmedException")) throw error;
        await account.resendCode(email.value);
        goTo("confirm");
        codeSent.value = true;
      }),
    async signUp({ name = "" }) {
      await account.signUp(email.value, password.value, name).catch((error: unknown) => {
        if (isProblem(error, "UsernameExistsException")) note.value = "taken";
        throw error;
      });
      signedUpHere = true;
      goTo("confirm");
      codeSent.value = true;
    },
    async confirm({ code = "" }) {
      await account.confirmSignUp(email.value, code);
      if (!password.value) return signedUpHere ? goTo("signIn") : setOwnPassword("confirmed");
      await enter().catch((error: unknown) => {
        if (isProblem(error, "NotAuthorizedException", "PasswordResetRequiredException")) return setOwnPassword("otherPassword");
        throw error;
      });
    },
    forgot,
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
    codeSent,
    goTo,
    submit: (fields) => submits[step.value](fields),
    resendCode: sendCode,
  };
}
