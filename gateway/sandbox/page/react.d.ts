/** The few parts of React that the page uses; React itself ships no types. */

declare module 'react' {
  export type ReactNode = ReactElement | string | number | boolean | null | undefined | readonly ReactNode[];
  export interface ReactElement {
    readonly type: unknown;
    readonly props: unknown;
  }
  export type FC<Props = object> = (props: Props) => ReactNode;
  export type ComponentPropsWithoutRef<Component> = Component extends FC<infer Props> ? Props : object;

  export function createElement<Props extends object>(
    type: FC<Props> | string,
    props: Props | null,
    ...children: ReactNode[]
  ): ReactElement;
  export function useMemo<Value>(create: () => Value, inputs: readonly unknown[]): Value;
  export function useState<Value>(initial: Value): [Value, (next: Value) => void];
}

declare module 'react-dom/client' {
  import type { ReactNode } from 'react';

  export function createRoot(container: object): { render(node: ReactNode): void };
}
