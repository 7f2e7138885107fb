import { useSignal } from "@preact/signals";
import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { explain } from "../explain.ts";
import { useKit } from "../kit-context.ts";
import { Icon } from "./icons.tsx";

/** A labelled input. */
export function Field({ label, hint, ...input }: { label: string; hint?: string | undefined } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label class="field">
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
      <input {...input} />
    </label>
  );
}

/** A failure in words, announced when it appears. */
export function Failure({ children }: { children: ComponentChildren }) {
  return (
    <div role="alert">
      {children && (
        <p class="notice bad">
          <Icon name="warning" />
          {children}
        </p>
      )}
    </div>
  );
}

interface FormProps {
  readonly submit: string;
  readonly onSubmit: (fields: Record<string, string>) => Promise<void>;
  readonly children: ComponentChildren;
}

/** A form that is sent once at a time and says what went wrong. Its fields arrive by their names. */
export function Form({ submit, onSubmit, children }: FormProps) {
  const words = useKit().words.value;
  const busy = useSignal(false);
  const failure = useSignal<unknown>(undefined);
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    const fields = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value).trim()]);
    busy.value = true;
    failure.value = undefined;
    await onSubmit(Object.fromEntries(fields)).catch((error: unknown) => void (failure.value = error));
    busy.value = false;
  };
  return (
    <form class="stack" onSubmit={send}>
      {children}
      <Failure>{failure.value !== undefined && explain(failure.value, words)}</Failure>
      <button type="submit" class="button primary wide" disabled={busy.value}>
        {busy.value && <span class="spinner" aria-hidden="true" />}
        {submit}
      </button>
    </form>
  );
}
