/**
 * Watches the room that is left on the disk.
 *
 * DS1. Below the reserve no new order is taken, so that those under way can be made, completed and cancelled.
 * DS2. Once there is room again, it is noticed within seconds and without hand work.
 * DS3. The operator gets one message when room runs out, at the start too, and one when it is back: guests alone would see it otherwise.
 */
import { statfs } from "node:fs/promises";
import type { Clock } from "@serverlesspresso/ports";

/** The watch over the disk's free space. */
export interface DiskSpace {
  /** Whether too little is left. */
  isLow(): boolean;
  stop(): void;
}

/** The folder to watch and the reserve below which space is low, in bytes. */
export interface DiskSpaceOptions {
  readonly folder: string;
  /** Real time. */
  readonly clock: Clock;
  readonly reserveBytes?: number;
  /** The bytes that are free in a folder; the operating system's word. */
  readonly readFree?: (folder: string) => Promise<number>;
  readonly onTurn?: (isLow: boolean) => void;
  readonly onError: (error: unknown, what: string) => void;
}

const pauseMs = 2_000;

/** Resolves with the watch once it has looked for the first time. */
export async function watchDiskSpace({
  folder,
  clock,
  reserveBytes = 64 * 1024 * 1024,
  readFree = freeBytes,
  onTurn = () => {},
  onError,
}: DiskSpaceOptions): Promise<DiskSpace> {
  let low = false;
  let cancel = (): void => {};
  let stopped = false;

  async function look(): Promise<void> {
    try {
      const isLow = (await readFree(folder)) < reserveBytes;
      if (isLow !== low && !stopped) onTurn(isLow);
      low = isLow;
    } catch (error) {
      onError(error, "reading the free disk space");
    }
    if (!stopped) cancel = clock.at(clock.nowMs() + pauseMs, () => void look());
  }

  await look();
  return {
    isLow: () => low,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
