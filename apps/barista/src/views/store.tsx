import { useSignal } from "@preact/signals";
import { explain } from "../../../ui/src/explain.ts";
import { countdown } from "../../../ui/src/format.ts";
import { setStore } from "../../../ui/src/shop-admin.ts";
import { useBarista } from "../app-context.ts";

/** Whether the bar takes orders, and the switches for it. */
export function Store() {
  const { app } = useBarista();
  const { kit, shop, notices } = app;
  const words = kit.words.value.store;
  const busy = useSignal(false);
  if (!shop.value) return null;
  const { storeOpen, reopensMs } = shop.value;
  const set = (state: "open" | "closed", minutes?: number) => async (): Promise<void> => {
    busy.value = true;
    await setStore(kit.api, state, minutes)
      .then(app.readShop)
      .catch((error: unknown) => notices.add(explain(error, kit.words.peek()), "warn"));
    busy.value = false;
  };
  const button = (label: string, onClick: () => Promise<void>, tone = "") => (
    <button type="button" class={`button small ${tone}`} disabled={busy.value} onClick={() => void onClick()}>
      {label}
    </button>
  );
  return (
    <fieldset class="store row">
      <legend class="visually-hidden">{words.title}</legend>
      <strong class={`sign ${storeOpen ? "open" : "shut"}`} role="status">
        {storeOpen ? words.open : reopensMs ? words.reopens(countdown(reopensMs - kit.now.value)) : words.closed}
      </strong>
      {storeOpen ? (
        <>
          {button(words.pause(5), set("closed", 5))}
          {button(words.pause(10), set("closed", 10))}
          {button(words.close, set("closed"))}
        </>
      ) : (
        button(words.openNow, set("open"), "primary")
      )}
    </fieldset>
  );
}
