import 'react';

declare module 'react' {
  // Declaration merging needs an interface: a type alias cannot be merged into React's `CSSProperties`.
  interface CSSProperties {
    '--hue'?: number;
  }
}
