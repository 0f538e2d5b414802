import { IdParser } from './id-parser.js';

export function readText(text: string): IdParser {
  const reader = new IdParser();
  reader.push(text);
  reader.end();
  return reader;
}

/** Reads a file of any size in pieces, so that the page stays responsive. */
export async function readFile(file: File, onProgress: (share: number) => void): Promise<IdParser> {
  const reader = new IdParser();
  const pieces = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  let characters = 0;
  for (;;) {
    const { done, value } = await pieces.read();
    if (done) {
      reader.end();
      return reader;
    }
    reader.push(value);
    characters += value.length;
    onProgress(Math.min(1, characters / file.size));
  }
}
