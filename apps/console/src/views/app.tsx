import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Connection } from "../../../ui/src/components/connection.tsx";
import { PageFoot, ProposedSettings } from "../../../ui/src/components/page.tsx";
import { StaffOnly } from "../../../ui/src/components/staff-only.tsx";
import { useConsole } from "../app-context.ts";
import { Devices } from "./devices.tsx";
import { MailBox } from "./mail-box.tsx";
import { MenuEditor } from "./menu-editor.tsx";
import { ShopDesk } from "./shop-desk.tsx";

const sections = { shop: ShopDesk, menu: MenuEditor, devices: Devices, mail: MailBox } as const;
type Section = keyof typeof sections;

const fromHash = (): Section => {
  const name = location.hash.slice(1);
  return Object.hasOwn(sections, name) ? (name as Section) : "shop";
};

/** The whole page; the section shown stands in the address, so it can be linked to. */
export function App() {
  const { kit, live } = useConsole();
  const words = kit.words.value;
  const section = useSignal(fromHash());
  useEffect(() => {
    const follow = (): void => void (section.value = fromHash());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const Shown = sections[section.value];
  return (
    <>
      <ProposedSettings />
      <StaffOnly title={words.title} to="operators">
        <Connection live={live} />
        <header class="top">
          <p class="brand">
            Serverlesspresso <span class="muted">{words.title}</span>
          </p>
          <nav aria-label={words.title}>
            {(Object.keys(sections) as Section[]).map((name) => (
              <a key={name} href={`#${name}`} aria-current={section.value === name ? "page" : undefined}>
                {words.sections[name]}
              </a>
            ))}
          </nav>
        </header>
        <main class="desk stack">
          <h1>{words.sections[section.value]}</h1>
          <Shown />
        </main>
        <PageFoot />
      </StaffOnly>
    </>
  );
}
