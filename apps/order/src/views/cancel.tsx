import { useSignal } from "@preact/signals";
import { Dialog } from "../../../ui/src/components/dialog.tsx";
import type { Order } from "../../../ui/src/orders.ts";
import { useApp } from "../app-context.ts";

/** Cancels an order after asking once more. */
export function CancelButton({ order }: { order: Order }) {
  const { kit, outbox, cancel } = useApp();
  const words = kit.words.value;
  const asking = useSignal(false);
  const close = (): void => void (asking.value = false);
  const onItsWay = outbox.actions.value.some(({ kind, lane }) => kind === "cancel" && lane === order.orderId);
  return (
    <div class="centered">
      <button type="button" class="button danger" disabled={onItsWay} onClick={() => void (asking.value = true)}>
        {onItsWay ? words.cancelling : words.cancelOrder}
      </button>
      {asking.value && (
        <Dialog title={words.cancelTitle} onClose={close}>
          <div class="stack">
            <p>{words.cancelText}</p>
            <button type="button" class="button" onClick={close}>
              {words.keep}
            </button>
            <button
              type="button"
              class="button danger primary"
              onClick={() => {
                close();
                cancel(order);
              }}
            >
              {words.cancelConfirm}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
