import { useRef, useState, type ReactElement } from 'react';
import { useAccess } from '../api/access.js';
import { toCurl } from '../api/curl.js';
import { download } from '../api/download.js';
import { CopyButton } from './copy-button.js';
import { toMessage } from './error-message.js';
import { formatBytes } from './format-bytes.js';
import { showToast } from './toasts.js';

const TYPES = { CSV: ['text/csv', 'csv'], NDJSON: ['application/x-ndjson', 'ndjson'] } as const;
type TypeName = keyof typeof TYPES;

/** Downloads what a request returns, in the given formats, or copies the command for it. */
export function ExportButtons({
  path,
  fileName,
  types = ['CSV', 'NDJSON'],
}: {
  /** Path of the request with its query. */
  readonly path: string;
  /** Name of the file without its extension. */
  readonly fileName: string;
  readonly types?: readonly TypeName[];
}): ReactElement {
  const { isKeyed } = useAccess();
  const [bytes, setBytes] = useState<number | null>(null);
  const stop = useRef<AbortController>(null);
  const start = async (name: TypeName): Promise<void> => {
    const [accept, extension] = TYPES[name];
    const { signal } = (stop.current = new AbortController());
    setBytes(0);
    try {
      await download(path, accept, `${fileName}.${extension}`, { signal, onBytes: setBytes });
    } catch (error) {
      if (!signal.aborted) {
        showToast(`Not exported: ${toMessage(error)}`, 'bad');
      }
    }
    setBytes(null);
  };
  return (
    <div className="row" role="group" aria-label="Export">
      {bytes === null ? (
        types.map((name) => (
          <button key={name} type="button" className="button small" onClick={() => void start(name)}>
            Export {name}
          </button>
        ))
      ) : (
        <>
          <span className="muted" role="status">
            Exporting, {formatBytes(bytes)} …
          </span>
          <button type="button" className="button small" onClick={() => stop.current?.abort()}>
            Stop
          </button>
        </>
      )}
      <CopyButton
        className="button small"
        what="The command"
        text={() => toCurl(path, { isKeyed, accept: TYPES[types[0] ?? 'CSV'][0] })}
      >
        Copy as curl
      </CopyButton>
    </div>
  );
}
