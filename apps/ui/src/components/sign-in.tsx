import { useSignal } from "@preact/signals";
import { createAccount } from "../account.ts";
import { useKit } from "../kit-context.ts";
import { Problem } from "../problem.ts";
import { Field, Form } from "./form.tsx";

type Step = "signIn" | "signUp" | "confirm" | "forgot" | "reset";

/** Sign-in by e-mail and password, with all that belongs to it. @param staffOnly hides what only guests need. */
export function SignIn({ staffOnly = false }: { staffOnly?: boolean }) {
  const { words, pool, session } = useKit();
  const w = words.value.signIn;
  const account = createAccount(pool);
  const step = useSignal<Step>("signIn");
  const email = useSignal("");
  const password = useSignal("");
  const to = (next: Step) => () => void (step.value = next);
  const enter = async (): Promise<void> => session.adopt(await pool.signIn(email.value, password.value));

  const submits: Record<Step, { label: string; run: (fields: Record<string, string>) => Promise<void> }> = {
    signIn: {
      label: w.submit,
      run: () =>
        enter().catch(async (error: unknown) => {
          if (!(error instanceof Problem) || error.type !== "UserNotConfirmedException") throw error;
          await account.resendCode(email.value);
          step.value = "confirm";
        }),
    },
    signUp: {
      label: w.create,
      run: async ({ name = "" }) => {
        await account.signUp(email.value, password.value, name);
        step.value = "confirm";
      },
    },
    confirm: {
      label: w.confirm,
      run: async ({ code = "" }) => {
        await account.confirmSignUp(email.value, code);
        if (password.value) await enter();
        else step.value = "signIn";
      },
    },
    forgot: {
      label: w.sendCode,
      run: async () => {
        await account.forgotPassword(email.value);
        step.value = "reset";
      },
    },
    reset: {
      label: w.changePassword,
      run: async ({ code = "" }) => {
        await account.confirmForgotPassword(email.value, code, password.value);
        await enter();
      },
    },
  };
  const { label, run } = submits[step.value];
  const coded = step.value === "confirm" || step.value === "reset";
  return (
    <div class="stack">
      <Form key={step.value} submit={label} onSubmit={run}>
        {coded ? (
          <>
            <p>{w.codeSent(email.value)}</p>
            <Field label={w.code} name="code" inputMode="numeric" autocomplete="one-time-code" required />
          </>
        ) : (
          <Field
            label={w.email}
            type="email"
            name="email"
            autocomplete="username"
            required
            value={email}
            onInput={({ currentTarget }) => void (email.value = currentTarget.value.trim())}
          />
        )}
        {step.value === "signUp" && <Field label={w.name} name="name" autocomplete="given-name" maxLength={40} />}
        {step.value !== "forgot" && step.value !== "confirm" && (
          <Field
            label={step.value === "reset" ? w.newPassword : w.password}
            hint={step.value === "signIn" ? undefined : w.passwordHint}
            type="password"
            name="password"
            autocomplete={step.value === "signIn" ? "current-password" : "new-password"}
            required
            onInput={({ currentTarget }) => void (password.value = currentTarget.value)}
          />
        )}
      </Form>
      <p class="row muted">
        {step.value === "signIn" ? (
          <>
            {!staffOnly && (
              <button type="button" class="link" onClick={to("signUp")}>
                {w.noAccount} {w.create}
              </button>
            )}
            <button type="button" class="link" onClick={to("forgot")}>
              {w.forgot}
            </button>
          </>
        ) : (
          <button type="button" class="link" onClick={to("signIn")}>
            {w.haveAccount} {w.submit}
          </button>
        )}
        {step.value === "confirm" && (
          <button type="button" class="link" onClick={() => void account.resendCode(email.value).catch(() => {})}>
            {w.resend}
          </button>
        )}
      </p>
    </div>
  );
}
