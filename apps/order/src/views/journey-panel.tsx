import { useSignal } from "@preact/signals";
import { lazy } from "../../../ui/src/lazy.tsx";
import type { Order } from "../../../ui/src/orders.ts";
import { useApp } from "../app-context.ts";

const Journey = lazy(async () => (await import("./journey.tsx")).Journey);

/** The order's way through the workflow, for the curious; its code is fetched when it is first opened. */
export function JourneyPanel({ order }: { order: Order }) {
  const words = useApp().kit.words.value.journey;
  const open = useSignal(false);
  return (
    <details class="card journey" onToggle={({ currentTarget }) => void (open.value = currentTarget.open)}>
      <summary>{words.title}</summary>
      {open.value && <Journey order={order} />}
    </details>
  );
}
