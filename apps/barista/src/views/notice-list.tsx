import { Icon } from "../../../ui/src/components/icons.tsx";
import { useBarista } from "../app-context.ts";

/** Messages in the corner, read aloud as they come. */
export function NoticeList() {
  const { app } = useBarista();
  const words = app.kit.words.value;
  return (
    <div class="notices" role="log" aria-live="polite">
      {app.notices.list.value.map(({ id, text, tone }) => (
        <p key={id} class={`toast ${tone}`}>
          {tone === "warn" && <Icon name="warning" />}
          <span>{text}</span>
          <button type="button" class="icon-button" aria-label={words.close} onClick={() => app.notices.dismiss(id)}>
            <Icon name="cross" />
          </button>
        </p>
      ))}
    </div>
  );
}
