import 'react';

declare module 'react' {
  // An interface is extended by an index signature alone: a record could not be merged into it.
  interface CSSProperties {
    '--hue'?: number;
  }
}
