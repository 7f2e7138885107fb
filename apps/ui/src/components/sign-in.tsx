import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { explain } from "../explain.ts";
import { useKit } from "../kit-context.ts";
import { createSignInFlow, type SignInStep } from "../sign-in-flow.ts";
import { Failure, Field, Form } from "./form.tsx";

/** Sign-in by e-mail and password, with all that belongs to it. @param staffOnly hides what only guests need. */
export function SignIn({ staffOnly = false }: { staffOnly?: boolean }) {
  const { words, pool, session, shelf } = useKit();
  const w = words.value.signIn;
  const flow = useMemo(() => createSignInFlow(pool, session, shelf), []);
  const { email, password, note, codeSent } = flow;
  const resendFailure = useSignal<unknown>(undefined);
  const step = flow.step.value;
  const labels: Record<SignInStep, string> = {
    signIn: w.submit,
    signUp: w.create,
    confirm: w.confirm,
    forgot: w.sendCode,
    reset: w.changePassword,
  };
  const link = (label: string, onClick: () => void) => (
    <button type="button" class="link" onClick={onClick}>
      {label}
    </button>
  );
  const resend = (): void => {
    resendFailure.value = undefined;
    flow.resendCode().catch((error: unknown) => void (resendFailure.value = error));
  };
  const coded = step === "confirm" || step === "reset";
  return (
    <div class="stack">
      {(note.value === "otherPassword" || note.value === "confirmed") && <p class="notice">{w[note.value]}</p>}
      <Form key={step} submit={labels[step]} onSubmit={flow.submit}>
        {coded ? (
          <>
            <p>{codeSent.value ? w.codeSent(email.value) : w.enterCode(email.value)}</p>
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
        {step === "signUp" && <Field label={w.name} name="name" autocomplete="given-name" maxLength={40} />}
        {step !== "forgot" && step !== "confirm" && (
          <Field
            label={step === "reset" ? w.newPassword : w.password}
            hint={step === "signIn" ? undefined : w.passwordHint}
            type="password"
            name="password"
            autocomplete={step === "signIn" ? "current-password" : "new-password"}
            required
            // Two keyboards may give the same password in two Unicode forms, which SRP's hash would tell apart.
            onInput={({ currentTarget }) => void (password.value = currentTarget.value.normalize("NFKC"))}
          />
        )}
      </Form>
      <Failure>{resendFailure.value !== undefined && explain(resendFailure.value, words.value)}</Failure>
      <p class="row muted">
        {step === "signIn"
          ? !staffOnly && link(`${w.noAccount} ${w.create}`, () => flow.goTo("signUp"))
          : link(`${w.haveAccount} ${w.submit}`, () => flow.goTo("signIn"))}
        {step === "signUp" && note.value === "taken" && link(w.haveCode, () => flow.goTo("confirm"))}
        {(step === "signIn" || note.value === "taken") && link(w.forgot, () => flow.goTo("forgot"))}
        {coded && link(w.resend, resend)}
      </p>
    </div>
  );
}
