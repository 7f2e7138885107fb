import { Icon, type IconName } from "../../../ui/src/components/icons.tsx";
import type { Order } from "../../../ui/src/orders.ts";
import { useApp } from "../app-context.ts";
import type { Words } from "../words/en.ts";
import { JourneyPanel } from "./journey-panel.tsx";
import { Ticket } from "./ticket.tsx";

/** Ready, in a shape and a colour that stand out; or another end, and what to do now. */
export function Ended({ order }: { order: Order }) {
  const { kit, repeat, putAway } = useApp();
  const words = kit.words.value;
  const { title, text } = words.states[order.orderState];
  const ready = order.orderState === "COMPLETED";
  const icon: IconName = ready ? "check" : order.orderState === "TIMEDOUT" ? "clock" : order.orderState === "REFUSED" ? "door" : "cross";
  return (
    <>
      <section class={`card stack centered ending ${ready ? "ready" : "sorry"}`} role="alert">
        <span class="sign">
          <Icon name={icon} />
        </span>
        <h1>{title}</h1>
        {ready && (
          <p class="number">
            <small>{words.number}</small>
            <strong class="numeric">{order.orderNumber}</strong>
          </p>
        )}
        <p class="lead">{ready ? text : <Ending order={order} words={words} />}</p>
        {order.drink && <Ticket order={order} />}
      </section>
      <div class="stack">
        <button type="button" class="button primary wide" onClick={() => putAway(order)}>
          {ready ? words.gotIt : words.newOrder}
        </button>
        {order.drink && (
          <button type="button" class="button wide" onClick={() => repeat(order)}>
            {words.sameAgain}
          </button>
        )}
      </div>
      <JourneyPanel order={order} />
    </>
  );
}

function Ending({ order, words }: { order: Order; words: Words }) {
  const { cancelledHere } = useApp();
  const w = words.endings;
  if (order.orderState === "TIMEDOUT") return order.reason.startsWith("Customer") ? w.timedOutByYou : w.timedOutByBar;
  if (order.orderState === "REFUSED") return order.reason === "closed" ? w.closed : w.full;
  if (cancelledHere.value === order.orderId) return w.cancelledByYou;
  return `${w.cancelledByBar} ${order.reason && w.reason(order.reason)}`;
}
