import { useSignal } from "@preact/signals";
import { Dialog } from "../../../ui/src/components/dialog.tsx";
import { DrinkIcon } from "../../../ui/src/components/drink-icon.tsx";
import { Failure } from "../../../ui/src/components/form.tsx";
import { Switch } from "../../../ui/src/components/switch.tsx";
import { explain } from "../../../ui/src/explain.ts";
import { putMenu } from "../../../ui/src/shop-admin.ts";
import { useBarista } from "../app-context.ts";

/** One switch for each drink: available or sold out, on every phone at once. */
export function MenuSwitches({ onClose }: { onClose: () => void }) {
  const { app } = useBarista();
  const { kit, shop } = app;
  const words = kit.words.value;
  const failure = useSignal<unknown>(undefined);
  const menu = shop.value?.menu ?? [];
  const change = async (drink: string, available: boolean): Promise<void> => {
    failure.value = undefined;
    const next = menu.map((item) => (item.drink === drink ? { ...item, available } : item));
    await putMenu(kit.api, next)
      .then(app.readShop)
      .catch((error: unknown) => void (failure.value = error));
  };
  return (
    <Dialog title={words.menu} onClose={onClose}>
      <Failure>{failure.value !== undefined && explain(failure.value, words)}</Failure>
      <ul class="switches">
        {menu.map(({ drink, icon, available }) => (
          <li key={drink}>
            <Switch checked={available} onSwitch={(on) => void change(drink, on)}>
              <DrinkIcon icon={icon} />
              <span class="drink">{drink}</span>
              <span class={available ? "muted" : "gone"}>{available ? words.available : words.soldOut}</span>
            </Switch>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
