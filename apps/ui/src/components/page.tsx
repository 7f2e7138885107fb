import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { type Language, languages } from "../i18n.ts";
import { useKit } from "../kit-context.ts";
import { lazy } from "../lazy.tsx";
import { isLoopback } from "../loopback.ts";
import { Dialog } from "./dialog.tsx";
import { SignOutDialog } from "./sign-out-dialog.tsx";

const SettingsPage = lazy(async () => (await import("./settings-page.tsx")).SettingsPage);

/** Whether what goes over the link can be read by others on the network: no TLS, and not this machine itself. */
const isOverheard = ({ protocol, hostname }: Location): boolean => protocol === "http:" && !isLoopback(hostname);

/** Language, settings and sign-out, at the foot of every app. */
export function PageFoot({ children }: { children?: ComponentChildren }) {
  const { words, language, choose, session, leaving } = useKit();
  const user = session.user.value;
  const everywhereOpen = useSignal(false);
  const settingsOpen = useSignal(false);
  return (
    <>
      <footer class="page-foot">
        {children}
        {isOverheard(location) && <p>{words.value.notPrivate}</p>}
        <label>
          {words.value.language}
          <select value={language} onChange={({ currentTarget }) => void choose(currentTarget.value as Language)}>
            {Object.entries(languages).map(([tag, name]) => (
              <option key={tag} value={tag} lang={tag}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="link" onClick={() => void (settingsOpen.value = true)}>
          {words.value.settings}
        </button>
        {user && (
          <button type="button" class="link" onClick={() => void leaving.leave("here")}>
            {words.value.signIn.signOut}
          </button>
        )}
        {user?.hasAccount && (
          <button type="button" class="link" onClick={() => void (everywhereOpen.value = true)}>
            {words.value.signOut.everywhere}
          </button>
        )}
      </footer>
      {user && (everywhereOpen.value || leaving.stage.value) && <SignOutDialog onClose={() => void (everywhereOpen.value = false)} />}
      {settingsOpen.value && <SettingsPage onClose={() => void (settingsOpen.value = false)} />}
    </>
  );
}

/** Asks before a link may point the app at foreign hosts; names every one. */
export function ProposedSettings() {
  const { words, proposal } = useKit();
  const w = words.value.settingsPage;
  const proposed = proposal.value;
  if (!proposed) return null;
  return (
    <Dialog title={w.confirmTitle} onClose={proposed.refuse}>
      <div class="stack">
        <p>{w.confirm(proposed.hosts.join(", "))}</p>
        <button type="button" class="button primary" onClick={proposed.refuse}>
          {w.refuse}
        </button>
        <button type="button" class="button danger" onClick={proposed.accept}>
          {w.agree}
        </button>
      </div>
    </Dialog>
  );
}
