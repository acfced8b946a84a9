/**
 * Settles as the work does, unless it is interrupted first. Every request passes here: `Promise.race` would make several
 * promises more.
 *
 * @param listen gets what interrupts, and returns what ends the listening
 */
export function unlessInterrupted<T>(
  work: Promise<T>,
  listen: (interrupt: (reason: Error) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = listen(reject);
    work.then(
      (value) => {
        stop();
        resolve(value);
      },
      (error) => {
        stop();
        reject(error);
      },
    );
  });
}
