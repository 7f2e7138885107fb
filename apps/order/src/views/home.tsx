import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Field, Form } from "../../../ui/src/components/form.tsx";
import { Icon, type IconName } from "../../../ui/src/components/icons.tsx";
import { SignInEnded } from "../../../ui/src/components/sign-in-ended.tsx";
import { explain } from "../../../ui/src/explain.ts";
import { countdown } from "../../../ui/src/format.ts";
import { lazy } from "../../../ui/src/lazy.tsx";
import { Problem } from "../../../ui/src/problem.ts";
import { useApp } from "../app-context.ts";
import { NAME_LENGTH } from "../draft.ts";
import { Menu } from "./menu.tsx";

const SignIn = lazy(async () => (await import("../../../ui/src/components/sign-in.tsx")).SignIn);

/** The menu for all who look in, and above it what to do next. */
export function Home() {
  const { kit, shop } = useApp();
  const words = kit.words.value;
  return (
    <>
      <h1>{words.welcome}</h1>
      <div aria-live="polite">
        <NextStep />
      </div>
      <h2>{words.menu}</h2>
      <Menu shop={shop.value} words={words} />
    </>
  );
}

function NextStep() {
  const { kit, shop, code, refusal, outbox, draft } = useApp();
  const words = kit.words.value;
  if (shop.value && !shop.value.storeOpen) return <Closed />;
  if (code.value && kit.session.user.value === null) return <Start />;
  if (code.value) {
    const waiting = outbox.actions.value.some(({ attempts }) => attempts > 0);
    return (
      <Hint icon="clock" title={words.checking}>
        {waiting && words.keptHere}
      </Hint>
    );
  }
  if (refusal.value !== undefined) return <Refusal error={refusal.value} />;
  return (
    <>
      <Hint icon="scan" title={words.scanTitle}>
        {draft.value.drink ? words.sameAgainReady(draft.value.drink) : words.scanText}
      </Hint>
      {kit.session.user.value === null && <Account />}
    </>
  );
}

/** For those with an account: their orders without a code. */
function Account() {
  const { words, session } = useApp().kit;
  const open = useSignal(false);
  if (open.value || session.ended.value) {
    return (
      <section class="card stack">
        <SignInEnded />
        <SignIn />
      </section>
    );
  }
  return (
    <button type="button" class="link" onClick={() => void (open.value = true)}>
      {words.value.haveAccount}
    </button>
  );
}

function Hint({ icon, title, tone = "", children }: { icon: IconName; title: string; tone?: string; children: ComponentChildren }) {
  return (
    <section class={`notice hint ${tone}`}>
      <Icon name={icon} />
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  );
}

function Closed() {
  const { kit, shop } = useApp();
  const words = kit.words.value;
  const reopensMs = shop.value?.reopensMs ?? 0;
  return (
    <Hint icon="door" title={words.closedTitle} tone="warn">
      {reopensMs ? words.reopens(countdown(reopensMs - kit.now.value)) : words.closedText}
    </Hint>
  );
}

function Refusal({ error }: { error: unknown }) {
  const words = useApp().kit.words.value;
  const known = error instanceof Problem && Object.hasOwn(words.refusals, error.type);
  const title = known ? words.refusals[error.type as keyof typeof words.refusals] : words.refused;
  return (
    <Hint icon="warning" title={title} tone="warn">
      {explain(error, words)}
    </Hint>
  );
}

function Start() {
  const { kit, draft, signInAsGuest } = useApp();
  const words = kit.words.value;
  const byEmail = useSignal(false);
  return (
    <section class="card stack">
      <h2>{words.start.title}</h2>
      <SignInEnded />
      {byEmail.value ? (
        <SignIn />
      ) : (
        <Form submit={words.start.submit} onSubmit={({ name = "" }) => signInAsGuest(name)}>
          <Field
            label={words.start.name}
            name="name"
            defaultValue={draft.value.name}
            autocomplete="given-name"
            maxLength={NAME_LENGTH}
            required
          />
        </Form>
      )}
      <button type="button" class="link" onClick={() => void (byEmail.value = !byEmail.value)}>
        {byEmail.value ? words.start.byName : words.start.byEmail}
      </button>
    </section>
  );
}
