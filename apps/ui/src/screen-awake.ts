/** Keeps the screen on where the browser allows it: on a secure origin, while the page is in view. */
export function keepScreenAwake(): void {
  const ask = (): void => {
    if (!document.hidden) void navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
