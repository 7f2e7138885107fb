import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Age } from "../../../ui/src/components/age.tsx";
import { Icon } from "../../../ui/src/components/icons.tsx";
import { firstName } from "../../../ui/src/format.ts";
import { type Order, waitingSinceMs } from "../../../ui/src/orders.ts";
import { useDisplay } from "../app-context.ts";
import { pageOf } from "../lists.ts";

const PAGE_MS = 8_000;

interface OrderListProps {
  readonly kind: "preparing" | "ready";
  readonly title: string;
  readonly empty: string;
  readonly orders: readonly Order[];
}

/** A list as long as the screen; the rest follows on pages that turn by themselves. */
export function OrderList({ kind, title, empty, orders }: OrderListProps) {
  const { kit } = useDisplay();
  const words = kit.words.value;
  const list = useRef<HTMLOListElement>(null);
  const capacity = useSignal(8);
  const turn = useSignal(0);
  useEffect(() => {
    const measure = (): void => {
      const row = list.current?.firstElementChild?.getBoundingClientRect().height;
      if (row && list.current) capacity.value = Math.max(1, Math.floor(list.current.clientHeight / row));
    };
    const observer = new ResizeObserver(measure);
    if (list.current) observer.observe(list.current);
    let cancel = (): void => {};
    const next = (): void => {
      measure();
      turn.value++;
      cancel = kit.clock.after(PAGE_MS, next);
    };
    cancel = kit.clock.after(PAGE_MS, next);
    return () => {
      observer.disconnect();
      cancel();
    };
  }, []);
  const { shown, page, pages } = pageOf(orders, capacity.value, turn.value);
  return (
    <section class={`orders ${kind}`} aria-labelledby={`list-${kind}`}>
      <header>
        <h2 id={`list-${kind}`}>
          {kind === "ready" && <Icon name="check" />}
          {title}
        </h2>
        {pages > 1 && <span class="muted numeric">{words.page(page, pages)}</span>}
      </header>
      {orders.length === 0 && <p class="muted empty">{empty}</p>}
      <ol ref={list} aria-live={kind === "ready" ? "polite" : "off"}>
        {shown.map((order) => (
          <Row key={order.orderId} order={order} />
        ))}
      </ol>
    </section>
  );
}

function Row({ order }: { order: Order }) {
  const words = useDisplay().kit.words.value;
  const { orderNumber, orderState, name, drink } = order;
  const finished = orderState === "COMPLETED";
  return (
    <li class={orderState.toLowerCase()}>
      <strong class="numeric">{orderNumber || "–"}</strong>
      <span class="who">
        <bdi class="name">{firstName(name)}</bdi>
        <span class="muted">{drink}</span>
      </span>
      {!finished && (
        <span class="state">
          {orderState === "MAKING" && <span class="spinner" aria-hidden="true" />}
          <span class="visually-hidden">{orderState === "MAKING" ? words.making : words.queued}</span>
        </span>
      )}
      <Age sinceMs={finished ? order.updatedMs : waitingSinceMs(order)} labels={words.age} />
    </li>
  );
}
