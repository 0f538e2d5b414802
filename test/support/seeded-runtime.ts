import { v7 as uuidV7 } from 'uuid';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { seededRandom } from '../../src/external-api/seeded-random.js';

const UUID_BYTES = 16;

/** The machine's runtime with random numbers, bytes and ids that are the same in each run with the same seed. */
export class SeededRuntime extends SystemRuntime {
  private readonly next: () => number;

  constructor(seed = 1) {
    super();
    this.next = seededRandom(seed);
  }

  override random(): number {
    return this.next();
  }

  override randomBytes(size: number): Buffer {
    return Buffer.from(Array.from({ length: size }, () => Math.floor(256 * this.next())));
  }

  override uuidV7(): string {
    return uuidV7({ msecs: this.wallMs(), random: this.randomBytes(UUID_BYTES) });
  }
}
