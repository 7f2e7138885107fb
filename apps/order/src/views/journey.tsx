import { isEvent, type Message, type Order } from "../../../ui/src/orders.ts";
import { useApp } from "../app-context.ts";
import { stepStatuses, steps } from "../journey.ts";
import type { Words } from "../words/en.ts";

/** The workflow's states with the one the order is at, and the events it has emitted. */
export function Journey({ order }: { order: Order }) {
  const { kit, events } = useApp();
  const words = kit.words.value.journey;
  const statuses = stepStatuses(order);
  const own = events.value.filter(({ detail }) => detail.orderId === order.orderId);
  return (
    <div class="stack">
      <p class="muted">{words.intro}</p>
      <ol class="graph">
        {steps.map(({ key, state }, index) => (
          <li key={key} class={statuses[index]} aria-current={statuses[index] === "now" ? "step" : undefined}>
            <span>{words.steps[key]}</span>
            <code>{state}</code>
          </li>
        ))}
      </ol>
      {own.length > 0 && <h2>{words.events}</h2>}
      <ol class="events">
        {own.map((message) => (
          <Event key={message.id} message={message} words={words} language={kit.language.value} />
        ))}
      </ol>
    </div>
  );
}

function Event({ message, words, language }: { message: Message; words: Words["journey"]; language: string }) {
  const type = isEvent(message, "OrderManager.MakeOrder") && !message.detail.baristaUserId ? "unmade" : message.type;
  const known = Object.hasOwn(words.messages, type) ? words.messages[type as keyof typeof words.messages] : "";
  return (
    <li>
      <time class="muted numeric">{new Date(message.time).toLocaleTimeString(language)}</time>
      <span>{known}</span>
      <code>{message.type}</code>
    </li>
  );
}
