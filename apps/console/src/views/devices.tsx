import { Field } from "../../../ui/src/components/form.tsx";
import { useConsole } from "../app-context.ts";
import { SavedForm } from "./saved-form.tsx";

/** Lets in a display or tablet by the code it shows. */
export function Devices() {
  const { kit, pair } = useConsole();
  const words = kit.words.value.devices;
  return (
    <section class="card stack">
      <p>{words.intro}</p>
      <SavedForm submit={words.pair} onSubmit={async ({ code = "" }) => words.paired(await pair(code))}>
        <Field label={words.code} name="code" autocomplete="off" autocapitalize="characters" spellcheck={false} maxLength={12} required />
      </SavedForm>
    </section>
  );
}
