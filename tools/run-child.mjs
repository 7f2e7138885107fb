import { spawn } from "node:child_process";

/** Runs a program in place of this process: same terminal, its signals and its exit code. */
export function runChild(program, args, options) {
  const child = spawn(program, args, { stdio: "inherit", ...options });
  // A terminal's Ctrl-C reaches the child by itself; what is sent to this process alone is passed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) watchParent(() => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

/** npm sends a signal to its shell, which ends without passing it on: that its end is noticed here stands for the signal. */
function watchParent(onGone) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 200);
}
