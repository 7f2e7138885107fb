import { Dialog } from "../../../ui/src/components/dialog.tsx";
import { isFinished } from "../../../ui/src/orders.ts";
import { useApp } from "../app-context.ts";
import { Ticket } from "./ticket.tsx";

/** The guest's orders, newest first. */
export function History({ onClose }: { onClose: () => void }) {
  const { kit, book, repeat } = useApp();
  const words = kit.words.value;
  const when = new Intl.DateTimeFormat(kit.language.value, { dateStyle: "medium", timeStyle: "short" });
  const orders = [...book.orders.value.values()].sort((a, b) => b.createdMs - a.createdMs);
  return (
    <Dialog title={words.history} onClose={onClose}>
      {orders.length === 0 && <p class="muted">{words.noHistory}</p>}
      <ul class="stack">
        {orders.map((order) => (
          <li key={order.orderId} class="past">
            <p class="row">
              <strong class="numeric">{order.orderNumber ? `#${order.orderNumber}` : "–"}</strong>
              {words.states[order.orderState].title}
              <time class="muted" dateTime={new Date(order.createdMs).toISOString()}>
                {when.format(order.createdMs)}
              </time>
            </p>
            {order.drink && <Ticket order={order} />}
            {order.drink && isFinished(order) && (
              <button
                type="button"
                class="button small"
                onClick={() => {
                  repeat(order);
                  onClose();
                }}
              >
                {words.sameAgain}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
