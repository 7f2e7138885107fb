/** Whether the shop serves (`platform.ts`, P2). */
export interface Health {
  /** Orders can be taken: set once the doors are open, until the stop begins or the store has failed. */
  isReady(): boolean;
  /** From a failed flush on nothing can be stored. */
  hasStoreFailed(): boolean;
  open(): void;
  close(): void;
  storeFailed(): void;
}

/** Returns the health of a shop that starts. */
export function createHealth(): Health {
  let isOpen = false;
  let hasFailed = false;
  return {
    isReady: () => isOpen && !hasFailed,
    hasStoreFailed: () => hasFailed,
    open() {
      isOpen = true;
    },
    close() {
      isOpen = false;
    },
    storeFailed() {
      hasFailed = true;
    },
  };
}
