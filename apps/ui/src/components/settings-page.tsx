import { useKit } from "../kit-context.ts";
import { keepSettings, keptSettings, pickSettings, type SettingName, settingNames } from "../settings.ts";
import { Dialog } from "./dialog.tsx";
import { Field, Form } from "./form.tsx";

/** The addresses of the backend, by the names the workshop gives them. */
export function SettingsPage({ onClose }: { onClose: () => void }) {
  const { words, shelf } = useKit();
  const w = words.value.settingsPage;
  const kept = keptSettings(shelf);
  const save = async (fields: Record<string, string>): Promise<void> => {
    keepSettings(shelf, pickSettings(fields));
    location.reload();
  };
  const field = (name: SettingName, label: string) => (
    <Field key={name} label={label} name={name} defaultValue={kept[name] ?? ""} autocapitalize="off" spellcheck={false} />
  );
  return (
    <Dialog title={words.value.settings} onClose={onClose}>
      <Form submit={w.save} onSubmit={save}>
        <p class="muted">{w.intro}</p>
        {field("backend", w.backend)}
        <details>
          <summary>{w.services}</summary>
          <div class="stack">{settingNames.map((name) => name !== "backend" && field(name, name))}</div>
        </details>
      </Form>
      <p>
        <button type="button" class="link" onClick={() => void save({})}>
          {w.clear}
        </button>
      </p>
    </Dialog>
  );
}
