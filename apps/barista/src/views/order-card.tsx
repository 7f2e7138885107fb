import { useSignal } from "@preact/signals";
import { Age } from "../../../ui/src/components/age.tsx";
import { DrinkIcon } from "../../../ui/src/components/drink-icon.tsx";
import { Icon } from "../../../ui/src/components/icons.tsx";
import { type Order, waitingSinceMs } from "../../../ui/src/orders.ts";
import { useBarista } from "../app-context.ts";
import { CancelDialog } from "./cancel-dialog.tsx";

/** One order: what to make, for whom, for how long they wait, and what can be done. */
export function OrderCard({ order }: { order: Order }) {
  const { app, keyboard } = useBarista();
  const words = app.kit.words.value;
  const { orderId, orderNumber, name, drink, modifiers, note } = order;
  const finished = order.orderState === "COMPLETED";
  const key = finished ? 0 : keyboard.keyOf(orderId);
  const icon = app.shop.value?.menu.find((item) => item.drink === drink)?.icon ?? "";
  const onItsWay = app.outbox.actions.value.some(({ lane, kind }) => lane === orderId && (kind === "make" || kind === "unmake"));
  const other = order.orderState === "MAKING" && order.baristaUserId && order.baristaUserId !== app.kit.session.user.value?.sub;
  return (
    <li
      class={`order ${keyboard.chosen.value === orderId && !finished ? "chosen" : ""}`}
      aria-label={words.order(orderNumber)}
      aria-busy={onItsWay}
    >
      <header>
        <strong class="order-number numeric">{orderNumber || "–"}</strong>
        <bdi class="name">{name}</bdi>
        <Age sinceMs={finished ? order.updatedMs : waitingSinceMs(order)} labels={words.age} />
      </header>
      <div class="what">
        <DrinkIcon icon={icon} />
        <div>
          <p class="drink">{drink || words.loading}</p>
          {modifiers.length > 0 && <p class="modifiers">{modifiers.join(" · ")}</p>}
        </div>
        {key > 0 && app.keysOn.value && <kbd>{key}</kbd>}
      </div>
      {note && <p class="note">{note}</p>}
      {other && <p class="muted">{words.otherBarista}</p>}
      <Buttons order={order} />
    </li>
  );
}

function Buttons({ order }: { order: Order }) {
  const { app } = useBarista();
  const words = app.kit.words.value;
  const cancelling = useSignal(false);
  const act = (kind: "make" | "unmake" | "complete" | "announce") => () => app.act(kind, order);
  if (order.orderState === "COMPLETED") {
    return (
      <div class="buttons">
        <button type="button" class="button small" onClick={act("announce")}>
          <Icon name="bell" />
          {words.callAgain}
        </button>
      </div>
    );
  }
  return (
    <div class="buttons">
      {order.orderState === "SUBMITTED" ? (
        <button type="button" class="button primary" onClick={act("make")}>
          {words.make}
        </button>
      ) : (
        <>
          <button type="button" class="button good" onClick={act("complete")}>
            {words.complete}
          </button>
          <button type="button" class="button" onClick={act("unmake")}>
            {words.unmake}
          </button>
        </>
      )}
      <button
        type="button"
        class="button danger"
        aria-label={words.cancelTitle(order.orderNumber)}
        onClick={() => void (cancelling.value = true)}
      >
        <Icon name="cross" />
      </button>
      {cancelling.value && <CancelDialog order={order} onClose={() => void (cancelling.value = false)} />}
    </div>
  );
}
