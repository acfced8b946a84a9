/** The scalar `DateTime`: a moment in UTC, as ISO 8601 with milliseconds. It is never an input. */
import { GraphQLScalarType } from 'graphql';

export const dateTime = new GraphQLScalarType<never, string>({
  name: 'DateTime',
  serialize(value) {
    if (!(value instanceof Date)) throw new TypeError('A DateTime is a Date.');
    return value.toISOString();
  },
});
