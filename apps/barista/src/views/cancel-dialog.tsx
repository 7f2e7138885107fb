import { Dialog } from "../../../ui/src/components/dialog.tsx";
import { Field } from "../../../ui/src/components/form.tsx";
import type { Order } from "../../../ui/src/orders.ts";
import { useBarista } from "../app-context.ts";

const REASON_LENGTH = 120;

/** Asks why: one tap for the common reasons, a line for any other. The guest reads it. */
export function CancelDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { app } = useBarista();
  const words = app.kit.words.value;
  const cancel = (reason: string): void => {
    onClose();
    app.act("cancel", order, reason);
  };
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    cancel(String(new FormData(event.currentTarget).get("reason") ?? "").trim());
  };
  return (
    <Dialog title={words.cancelTitle(order.orderNumber)} onClose={onClose}>
      <div class="stack">
        <div class="row">
          {words.reasons.map((reason) => (
            <button key={reason} type="button" class="button" onClick={() => cancel(reason)}>
              {reason}
            </button>
          ))}
        </div>
        <form class="stack" onSubmit={submit}>
          <Field label={words.otherReason} name="reason" maxLength={REASON_LENGTH} required />
          <button type="submit" class="button danger">
            {words.cancelWith}
          </button>
        </form>
      </div>
    </Dialog>
  );
}
