/** The longest turn of the loop while `run` runs, in milliseconds of this thread's work. */
export async function longestTurn(run: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isOver = false;
  let from = process.threadCpuUsage();
  const turn = (): void => {
    const { user, system } = process.threadCpuUsage(from);
    longest = Math.max(longest, (user + system) / 1_000);
    from = process.threadCpuUsage();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await run();
  isOver = true;
  return longest;
}
