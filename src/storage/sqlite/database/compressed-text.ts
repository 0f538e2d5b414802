import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync, type ZstdOptions } from 'node:zlib';

/** Longer texts are compressed, so that the next commit writes a fraction of the data to disk. */
const MIN_COMPRESSED_BYTES = 16_384;
const FAST: ZstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const compress = promisify(zstdCompress as (text: Buffer, options: ZstdOptions, done: Done) => void);
type Done = (error: Error | null, packed: Buffer) => void;

/** The value of a text column: compressed if the text is long. */
export type StoredText = string | Uint8Array;

/** Converts a text to its column value. Long texts are compressed with Zstandard (RFC 8878) outside the event loop. */
export async function compressText(text: string, bytes: number): Promise<StoredText> {
  return bytes > MIN_COMPRESSED_BYTES ? compress(Buffer.from(text), FAST) : text;
}

/** Reverses {@link compressText}. */
export function decompressText(stored: StoredText): string {
  return typeof stored === 'string' ? stored : zstdDecompressSync(stored).toString();
}
