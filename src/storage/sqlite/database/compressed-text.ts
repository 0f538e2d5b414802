import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync, type ZstdOptions } from 'node:zlib';

/** Longer ones are packed: what the disk has to take before the next commit is a fraction then. */
const MIN_COMPRESSED_BYTES = 16_384;
const FAST: ZstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const compress = promisify(zstdCompress as (text: Buffer, options: ZstdOptions, done: Done) => void);
type Done = (error: Error | null, packed: Buffer) => void;

/** A text as a column holds it: packed where it is long. */
export type StoredText = string | Uint8Array;

/** A text as its column holds it: packed by Zstandard (RFC 8878) where it is long, beside the event loop. */
export async function compressText(text: string, bytes: number): Promise<StoredText> {
  return bytes > MIN_COMPRESSED_BYTES ? compress(Buffer.from(text), FAST) : text;
}

/** The reverse of {@link compressText}. */
export function decompressText(kept: StoredText): string {
  return typeof kept === 'string' ? kept : zstdDecompressSync(kept).toString();
}
