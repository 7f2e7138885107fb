import { DrinkIcon } from "../../../ui/src/components/drink-icon.tsx";
import type { Order } from "../../../ui/src/orders.ts";
import { useApp } from "../app-context.ts";

/** What was ordered, as on a paper ticket. */
export function Ticket({ order }: { order: Order }) {
  const { shop } = useApp();
  const icon = shop.value?.menu.find(({ drink }) => drink === order.drink)?.icon ?? "";
  return (
    <div class="ticket">
      <DrinkIcon icon={icon} />
      <div>
        <p class="drink">{order.drink}</p>
        {order.modifiers.length > 0 && <p>{order.modifiers.join(" · ")}</p>}
        {order.note && <p class="muted">“{order.note}”</p>}
      </div>
      {order.name && (
        <p class="cup-name">
          <bdi>{order.name}</bdi>
        </p>
      )}
    </div>
  );
}
