import { type ConfigField, configFieldNames, configFields } from "@serverlesspresso/contract";
import { Field, Form } from "../../../ui/src/components/form.tsx";
import type { Limits } from "../../../ui/src/shop.ts";
import { putLimits, setStore } from "../../../ui/src/shop-admin.ts";
import { useConsole } from "../app-context.ts";
import { SavedForm } from "./saved-form.tsx";

/** Open or closed, and the limits. */
export function ShopDesk() {
  const { kit, shop, readShop } = useConsole();
  const words = kit.words.value;
  const w = words.shop;
  if (!shop.value) return <p role="status">{words.loading}</p>;
  const { storeOpen, limits, timeZone, subCode } = shop.value;
  const toggle = async (): Promise<void> => {
    await setStore(kit.api, storeOpen ? "closed" : "open");
    await readShop();
  };
  const save = async ({ timeZone: zone = "", subCode: on, ...fields }: Record<string, string>): Promise<string> => {
    const numbers = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, Number(value)])) as Limits;
    await putLimits(kit.api, { ...numbers, timeZone: zone, subCode: on !== undefined });
    await readShop();
    return words.saved;
  };
  return (
    <>
      <section class="card stack">
        <p role="status">{storeOpen ? w.open : w.closed}</p>
        <Form submit={storeOpen ? w.close : w.openNow} onSubmit={toggle}>
          {null}
        </Form>
      </section>
      <section class="card stack">
        <h2>{w.limits}</h2>
        <SavedForm submit={words.save} onSubmit={save}>
          {configFieldNames.map((name) => {
            const { minimum, maximum, default: usual, unit }: ConfigField = configFields[name];
            return (
              <Field
                key={name}
                label={w.limitNames[name]}
                hint={w.bounds(minimum, maximum, w.units[unit], usual)}
                name={name}
                type="number"
                min={minimum}
                max={maximum}
                step={1}
                required
                defaultValue={String(limits[name] ?? usual)}
              />
            );
          })}
          <Field label={w.timeZone} name="timeZone" required defaultValue={timeZone} />
          <label class="switch">
            {w.subCode}
            {/* biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox tells its own state */}
            <input type="checkbox" role="switch" name="subCode" defaultChecked={subCode} />
          </label>
        </SavedForm>
      </section>
    </>
  );
}
