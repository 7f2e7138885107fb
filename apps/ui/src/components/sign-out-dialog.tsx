import { useKit } from "../kit-context.ts";
import { Dialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

/** Asks before every device of the account is signed out; says what has not been sent yet, and asks before it is dropped. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const { words, leaving } = useKit();
  const w = words.value.signOut;
  const stage = leaving.stage.value;
  const stay = (): void => {
    leaving.stay();
    onClose();
  };
  if (stage === "sending") {
    return (
      <Dialog title={w.unsent} onClose={stay}>
        <p class="spinner" role="status" aria-label={w.unsent} />
      </Dialog>
    );
  }
  const [title, text, agree, go] = stage
    ? [w.unsent, w.stuck(leaving.waiting()), w.drop, leaving.drop]
    : [w.everywhere, w.means, w.agree, () => leaving.leave("everywhere")];
  return (
    <Dialog title={title} onClose={stay}>
      <Form submit={agree} onSubmit={go}>
        <p>{text}</p>
      </Form>
    </Dialog>
  );
}
