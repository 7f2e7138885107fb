interface SwitchProps {
  readonly checked: boolean;
  readonly onSwitch: (on: boolean) => void;
}

/** A checkbox that looks and reads as a switch; it takes its name from the label around it. */
export function Switch({ checked, onSwitch }: SwitchProps) {
  // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox tells its own state
  return <input type="checkbox" role="switch" checked={checked} onChange={({ currentTarget }) => onSwitch(currentTarget.checked)} />;
}
