/** Why a program cannot start: a message for the operator that names the thing and the remedy; shown without a stack. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
