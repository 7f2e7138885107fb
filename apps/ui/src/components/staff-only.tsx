import type { ComponentChildren } from "preact";
import { useKit } from "../kit-context.ts";
import { PageFoot } from "./page.tsx";
import { SignIn } from "./sign-in.tsx";
import { SignInEnded } from "./sign-in-ended.tsx";

interface StaffOnlyProps {
  readonly title: string;
  /** Whom it lets in; all of the bar's staff by default. */
  readonly to?: "staff" | "operators";
  /** Another way in, above the form. */
  readonly instead?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Shows its children to the bar's staff, or its operators alone, and a sign-in to all others; a user who is signed in without the right sees a sentence about it. */
export function StaffOnly({ title, to = "staff", instead, children }: StaffOnlyProps) {
  const { words, session, leaving } = useKit();
  const w = words.value.signIn;
  const user = session.user.value;
  if (to === "staff" ? user?.isAdmin : user?.isOperator) return <>{children}</>;
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
            <p>{to === "staff" ? w.adminOnly : w.operatorsOnly}</p>
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
