import type { ComponentChildren } from "preact";

interface SwitchProps {
  readonly checked: boolean;
  readonly onSwitch: (on: boolean) => void;
  /** The label, before the switch. */
  readonly children: ComponentChildren;
}

/** A checkbox that looks and reads as a switch. */
export function Switch({ checked, onSwitch, children }: SwitchProps) {
  return (
    <label class="switch">
      {children}
      {/* biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox tells its own state */}
      <input type="checkbox" role="switch" checked={checked} onChange={({ currentTarget }) => onSwitch(currentTarget.checked)} />
    </label>
  );
}
