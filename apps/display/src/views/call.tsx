import { Icon } from "../../../ui/src/components/icons.tsx";
import { firstName } from "../../../ui/src/format.ts";
import { useDisplay } from "../app-context.ts";

/** The call of a number, over the lists, so that the code stays in sight. */
export function Call() {
  const { kit, calls, orders } = useDisplay();
  const called = calls.current.value;
  const order = called === undefined ? undefined : orders.value.get(called);
  return (
    <div role="alert" class="call-place">
      {order && (
        <div class="call" key={order.orderId}>
          <Icon name="bell" />
          <p>{kit.words.value.call}</p>
          <strong class="numeric">{order.orderNumber}</strong>
          <p class="name">
            <bdi>{firstName(order.name)}</bdi>
            {order.drink && ` · ${order.drink}`}
          </p>
        </div>
      )}
    </div>
  );
}
