import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../../../ui/src/components/dialog.tsx";
import { DrinkIcon } from "../../../ui/src/components/drink-icon.tsx";
import { Failure } from "../../../ui/src/components/form.tsx";
import { Icon } from "../../../ui/src/components/icons.tsx";
import { explain } from "../../../ui/src/explain.ts";
import { countdown } from "../../../ui/src/format.ts";
import type { Order } from "../../../ui/src/orders.ts";
import type { MenuItem } from "../../../ui/src/shop.ts";
import { useApp } from "../app-context.ts";
import { chosenOptions, NAME_LENGTH, NOTE_LENGTH } from "../draft.ts";
import { CancelButton } from "./cancel.tsx";
import { Menu } from "./menu.tsx";

/** The place in the queue is held: pick a drink while the time runs. */
export function Choose({ order }: { order: Order }) {
  const app = useApp();
  const { kit, shop, draft, outbox, refusal, book } = app;
  const words = kit.words.value;
  const picked = useSignal<MenuItem | undefined>(undefined);
  useEffect(() => {
    picked.value = shop.peek()?.menu.find((item) => item.drink === draft.peek().drink && item.available);
  }, []);
  const sending = outbox.actions.value.find(({ lane, kind }) => lane === order.orderId && kind === "place");
  if (sending) return <Sending drink={String(sending.body.drink)} waiting={sending.attempts > 0} />;
  const settling = book.orders.value.get(order.orderId)?.partial;
  return (
    <>
      <h1>{words.choose.title}</h1>
      <TimeLeft order={order} />
      <Failure>{refusal.value !== undefined && !settling && `${explain(refusal.value, words)} ${words.choose.instead}`}</Failure>
      <Menu
        shop={shop.value}
        words={words}
        onPick={(item) => {
          draft.value = { ...draft.peek(), drink: item.drink };
          picked.value = item;
        }}
      />
      <CancelButton order={order} />
      {picked.value && (
        <DrinkSheet
          item={picked.value}
          onClose={() => void (picked.value = undefined)}
          onOrder={(item) => {
            picked.value = undefined;
            app.place(order, item);
          }}
        />
      )}
    </>
  );
}

function Sending({ drink, waiting }: { drink: string; waiting: boolean }) {
  const words = useApp().kit.words.value;
  return (
    <section class="card stack centered" role="status">
      <span class="spinner big" aria-hidden="true" />
      <h1>{words.choose.sending(drink)}</h1>
      {waiting && <p class="muted">{words.keptHere}</p>}
    </section>
  );
}

function TimeLeft({ order }: { order: Order }) {
  const { kit, choice } = useApp();
  const words = kit.words.value.choose;
  const allMs = choice.value?.orderId === order.orderId ? choice.value.ms : 0;
  const leftMs = order.createdMs + allMs - kit.now.value;
  if (!allMs) return null;
  return (
    <div class={`time-left ${leftMs < 60_000 ? "short" : ""}`} role="timer">
      <p class="row">
        <Icon name="clock" />
        {leftMs > 0 ? words.timeLeft : words.timeUp}
        {leftMs > 0 && <strong class="numeric">{countdown(leftMs)}</strong>}
      </p>
      <progress max={allMs} value={Math.max(0, leftMs)} aria-hidden="true" />
    </div>
  );
}

interface SheetProps {
  readonly item: MenuItem;
  readonly onClose: () => void;
  readonly onOrder: (item: MenuItem) => void;
}

function DrinkSheet({ item, onClose, onOrder }: SheetProps) {
  const { kit, draft, shop } = useApp();
  const words = kit.words.value;
  const { name, note } = draft.value;
  const chosen = chosenOptions(item, draft.value);
  const available = shop.value?.menu.find(({ drink }) => drink === item.drink)?.available ?? false;
  const submit = (event: Event): void => {
    event.preventDefault();
    onOrder(item);
  };
  const left = NOTE_LENGTH - note.length;
  return (
    <Dialog title={item.drink} onClose={onClose}>
      <form class="stack sheet" onSubmit={submit}>
        <DrinkIcon icon={item.icon} />
        {item.modifiers.map((group) => (
          <fieldset key={group.name}>
            <legend>{group.name}</legend>
            <div class="choices">
              {group.options.map((option) => (
                <label key={option} class="choice">
                  <input
                    type="radio"
                    name={group.name}
                    checked={chosen[group.name] === option}
                    onChange={() => void (draft.value = { ...draft.peek(), options: { ...draft.peek().options, [group.name]: option } })}
                  />
                  <span>{option}</span>
                </label>
              ))}
            </div>
          </fieldset>
        ))}
        <label class="field">
          <span>{words.start.name}</span>
          <input
            value={name || kit.session.user.value?.name || ""}
            maxLength={NAME_LENGTH}
            autocomplete="given-name"
            onInput={({ currentTarget }) => void (draft.value = { ...draft.peek(), name: currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>
            {words.choose.note}
            <small class="numeric">{words.choose.noteHint(left)}</small>
          </span>
          <input
            value={note}
            maxLength={NOTE_LENGTH}
            onInput={({ currentTarget }) => void (draft.value = { ...draft.peek(), note: currentTarget.value })}
          />
        </label>
        <button type="submit" class="button primary wide" disabled={!available}>
          {available ? words.choose.order(item.drink) : words.soldOut}
        </button>
      </form>
    </Dialog>
  );
}
