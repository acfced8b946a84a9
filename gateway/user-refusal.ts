/** A refusal of a person whom the gateway knows: the security log names who it was, the answer does not. */
import { RequestError } from './errors.ts';

export class UserRefusal extends RequestError {
  readonly userId: string;

  constructor(userId: string, ...refusal: ConstructorParameters<typeof RequestError>) {
    super(...refusal);
    this.userId = userId;
  }
}
