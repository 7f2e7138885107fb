import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Failure } from "../../../ui/src/components/form.tsx";
import { explain } from "../../../ui/src/explain.ts";
import { useConsole } from "../app-context.ts";
import type { Mail } from "../console-app.ts";

/** The mails that no mail server took. */
export function MailBox() {
  const { kit, mails } = useConsole();
  const words = kit.words.value;
  const found = useSignal<readonly Mail[] | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const read = (): void => {
    failure.value = undefined;
    mails().then(
      (list) => void (found.value = list),
      (error: unknown) => void (failure.value = error),
    );
  };
  useEffect(read, []);
  return (
    <>
      <p>{words.mail.intro}</p>
      <Failure>{failure.value !== undefined && explain(failure.value, words)}</Failure>
      <button type="button" class="button" onClick={read}>
        {words.mail.refresh}
      </button>
      {found.value?.length === 0 && <p class="muted">{words.mail.none}</p>}
      <ul class="stack">
        {found.value?.map((mail) => (
          <li key={mail.id} class="card stack">
            <h2>{mail.subject}</h2>
            <p class="muted">{words.mail.to(mail.to)}</p>
            <p class="mail-text">{mail.text}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
