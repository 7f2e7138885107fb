import type { OrderState } from "@serverlesspresso/contract";
import { Icon } from "../../../ui/src/components/icons.tsx";
import type { Order } from "../../../ui/src/orders.ts";
import { useApp } from "../app-context.ts";
import { CancelButton } from "./cancel.tsx";
import { JourneyPanel } from "./journey-panel.tsx";
import { Ticket } from "./ticket.tsx";

const stages = ["SUBMITTED", "MAKING", "COMPLETED"] as const satisfies readonly OrderState[];

/** In the queue or being made: the number, large, and how far it is. */
export function Progress({ order }: { order: Order }) {
  const words = useApp().kit.words.value;
  const { title, text } = words.states[order.orderState];
  const reached = (stages as readonly OrderState[]).indexOf(order.orderState);
  return (
    <>
      <section class="card stack centered">
        <div aria-live="polite">
          <h1>{title}</h1>
          <p class="muted">{text}</p>
        </div>
        <p class="number">
          <small>{words.number}</small>
          <strong class="numeric">{order.orderNumber || "–"}</strong>
        </p>
        <ol class="stages">
          {stages.map((stage, index) => (
            <li
              key={stage}
              class={index < reached ? "done" : index === reached ? "now" : ""}
              aria-current={index === reached ? "step" : undefined}
            >
              <span class="dot">{index < reached && <Icon name="check" />}</span>
              {words.stages[stage]}
            </li>
          ))}
        </ol>
        <Ticket order={order} />
      </section>
      <JourneyPanel order={order} />
      <CancelButton order={order} />
    </>
  );
}
