import type { ComponentChildren } from "preact";
import { useKit } from "../kit-context.ts";
import { PageFoot } from "./page.tsx";
import { SignIn } from "./sign-in.tsx";
import { SignInEnded } from "./sign-in-ended.tsx";

interface StaffOnlyProps {
  readonly title: string;
  /** Another way in, above the form. */
  readonly instead?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Shows its children to the bar's staff, and a sign-in to all others. */
export function StaffOnly({ title, instead, children }: StaffOnlyProps) {
  const { words, session, leaving } = useKit();
  const w = words.value.signIn;
  const user = session.user.value;
  if (user?.isAdmin) return <>{children}</>;
  return (
    <>
      <main class="center-page">
        <div>
          <p class="brand">Serverlesspresso</p>
          <h1>{title}</h1>
        </div>
        {user === undefined && (
          <p class="row muted" role="status">
            <span class="spinner" aria-hidden="true" />
            {words.value.loading}
          </p>
        )}
        {user && (
          <div class="card stack">
            <p>{w.adminOnly}</p>
            <button type="button" class="button" onClick={() => void leaving.leave("here")}>
              {w.signOut}
            </button>
          </div>
        )}
        {user === null && (
          <>
            {instead}
            <section class="card stack">
              <h2>{w.title}</h2>
              <SignInEnded />
              <SignIn staffOnly />
            </section>
          </>
        )}
      </main>
      <PageFoot />
    </>
  );
}
