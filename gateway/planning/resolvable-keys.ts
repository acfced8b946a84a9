/** Puts the keys by which a subgraph can be asked first: the planner takes the first key of a type, resolvable or not. */
import { type ConstDirectiveNode, type DocumentNode, Kind, visit } from 'graphql';

export function withResolvableKeysFirst(supergraph: DocumentNode): DocumentNode {
  const isResolvable = ({ arguments: args }: ConstDirectiveNode): boolean =>
    !args?.some(
      ({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
    );
  const sort = <T extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(
    type: T,
  ): T => {
    const directives = type.directives ?? [];
    const [keys, others] = [true, false].map((wanted) =>
      directives.filter(({ name }) => (name.value === 'join__type') === wanted),
    );
    const sorted = keys?.toSorted((a, b) => Number(isResolvable(b)) - Number(isResolvable(a))) ?? [];
    return { ...type, directives: [...sorted, ...(others ?? [])] };
  };
  return visit(supergraph, {
    [Kind.OBJECT_TYPE_DEFINITION]: sort,
    [Kind.INTERFACE_TYPE_DEFINITION]: sort,
  });
}
