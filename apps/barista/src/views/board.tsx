import type { ComponentChildren } from "preact";
import type { Order } from "../../../ui/src/orders.ts";
import { useBarista } from "../app-context.ts";
import { batches } from "../columns.ts";
import { OrderCard } from "./order-card.tsx";

/** Three columns, left to right as a drink travels. */
export function Board() {
  const { app } = useBarista();
  const columns = app.columns.value;
  const { live } = app;
  const known = live.state.value.heardMs > 0;
  return (
    <main class="board" aria-busy={!known}>
      <Batches />
      {(["preview", "production", "pickup"] as const).map((name) => (
        <Column key={name} name={name} orders={columns[name]} known={known}>
          {columns[name].map((order) => (
            <OrderCard key={order.orderId} order={order} />
          ))}
        </Column>
      ))}
    </main>
  );
}

interface ColumnProps {
  readonly name: "preview" | "production" | "pickup";
  readonly orders: readonly Order[];
  readonly known: boolean;
  readonly children: ComponentChildren;
}

function Column({ name, orders, known, children }: ColumnProps) {
  const words = useBarista().app.kit.words.value;
  return (
    <section class={`column ${name}`} aria-labelledby={`column-${name}`}>
      <h2 id={`column-${name}`}>
        {words.columns[name]} <span class="count numeric">{orders.length}</span>
      </h2>
      {orders.length === 0 && <p class="muted empty">{known ? words.empty[name] : words.loading}</p>}
      <ul aria-live={name === "preview" ? "polite" : "off"} aria-relevant="additions">
        {children}
      </ul>
    </section>
  );
}

function Batches() {
  const { app } = useBarista();
  const found = batches(app.columns.value);
  if (found.length === 0) return null;
  return (
    <section class="batches" aria-label={app.kit.words.value.batch}>
      <ul class="row">
        {found.map(({ label, count }) => (
          <li key={label}>
            <strong class="numeric">{count} ×</strong> {label}
          </li>
        ))}
      </ul>
    </section>
  );
}
