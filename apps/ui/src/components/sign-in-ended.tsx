import { useKit } from "../kit-context.ts";

/** Says that the server ended the sign-in, and how much waits on this device for the next one. */
export function SignInEnded() {
  const { words, session, leaving } = useKit();
  const { signIn, signOut } = words.value;
  const waiting = leaving.waiting();
  return (
    <>
      {session.ended.value && <p class="notice">{signIn.ended}</p>}
      {waiting > 0 && (
        <p class="notice">
          {signOut.unsent}: {waiting}
        </p>
      )}
    </>
  );
}
