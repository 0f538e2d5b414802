import { useState, type ReactElement } from 'react';

/** Accepts a file that is dropped or chosen. */
export function DropZone({ onFile }: { readonly onFile: (file: File) => void }): ReactElement {
  const [isOver, setOver] = useState(false);
  const take = (file: File | undefined): void => {
    setOver(false);
    if (file !== undefined) {
      onFile(file);
    }
  };
  return (
    <label
      className="drop"
      data-over={isOver ? '' : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files[0]);
      }}
    >
      <input
        type="file"
        accept=".txt,.csv,.tsv,text/plain,text/csv"
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      Drop a text or CSV file here, of any size, or choose one
    </label>
  );
}
