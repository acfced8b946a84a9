/** Ends a program on SIGTERM or SIGINT: the first signal in good order with exit code 0, the second at once with 1. */
export function endOnSignal(close: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`It did not end in good order: ${error}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.env.npm_lifecycle_event !== undefined) {
    onOrphaned(() => {
      if (!ending) end();
    });
  }
}

const watchIntervalMs = 200;

/** npm passes a signal to the shell between it and this program, and some shells, Debian's among them, end without passing it on. */
function onOrphaned(tell: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    tell();
  }, watchIntervalMs);
  timer.unref();
}
