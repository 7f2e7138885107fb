import { useSignal } from "@preact/signals";
import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { explain } from "../explain.ts";
import { countdown } from "../format.ts";
import { useKit } from "../kit-context.ts";
import { Problem } from "../problem.ts";
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

/** A form that is sent once at a time and says what went wrong; a limit that ends by itself with the time left. Its fields arrive by their names. */
export function Form({ submit, onSubmit, children }: FormProps) {
  const { words: dictionary, serverClock, now } = useKit();
  const words = dictionary.value;
  const busy = useSignal(false);
  const failure = useSignal<unknown>(undefined);
  /** When the limit that the server named ends, on the server's clock; 0 without one. */
  const endMs = useSignal(0);
  const leftMs = endMs.value && endMs.value - now.value;
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    const fields = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value).trim()]);
    busy.value = true;
    failure.value = undefined;
    await onSubmit(Object.fromEntries(fields)).catch((error: unknown) => {
      const waitMs = error instanceof Problem ? error.retryAfterMs * serverClock.rate() : 0;
      endMs.value = waitMs && serverClock.nowMs() + waitMs;
      failure.value = error;
    });
    busy.value = false;
  };
  return (
    <form class="stack" onSubmit={send}>
      {children}
      <Failure>{failure.value !== undefined && leftMs >= 0 && explain(failure.value, words)}</Failure>
      {failure.value !== undefined && leftMs > 0 && (
        <p class="muted" role="timer">
          {words.againIn(countdown(leftMs / serverClock.rate()))}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={busy.value}>
        {busy.value && <span class="spinner" aria-hidden="true" />}
        {submit}
      </button>
    </form>
  );
}
