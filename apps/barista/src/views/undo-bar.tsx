import { Icon } from "../../../ui/src/components/icons.tsx";
import { useBarista } from "../app-context.ts";

/** What has just been completed or cancelled, while it can still be taken back. */
export function UndoBar() {
  const { app } = useBarista();
  const words = app.kit.words.value;
  return (
    <div class="undo-bar" role="status">
      {app.undoable.value.map(({ key, kind, lane }) => (
        <p key={key} class="undo">
          {kind === "complete" ? words.completing(app.numberOf(lane)) : words.cancelling(app.numberOf(lane))}
          <button type="button" class="button small" onClick={() => app.undo(key)}>
            <Icon name="undo" />
            {words.undo}
          </button>
          <span class="fuse" aria-hidden="true" />
        </p>
      ))}
    </div>
  );
}
