import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Form } from "../../../ui/src/components/form.tsx";
import { Icon } from "../../../ui/src/components/icons.tsx";

interface SavedFormProps {
  readonly submit: string;
  /** Sends the fields; what it answers is shown as done. */
  readonly onSubmit: (fields: Record<string, string>) => Promise<string>;
  readonly children: ComponentChildren;
}

/** A form that says when it has been done. */
export function SavedForm({ submit, onSubmit, children }: SavedFormProps) {
  const done = useSignal("");
  const send = async (fields: Record<string, string>): Promise<void> => {
    done.value = "";
    done.value = await onSubmit(fields);
  };
  return (
    <Form submit={submit} onSubmit={send}>
      {children}
      <div role="status">
        {done.value && (
          <p class="notice good">
            <Icon name="check" />
            {done.value}
          </p>
        )}
      </div>
    </Form>
  );
}
