const SHOWN = 3;

/** The result of a check; it has passed if there are no faults. */
export interface Verdict {
  readonly name: string;
  readonly faults: readonly string[];
}

/** Prints verdicts and counts them. */
export class Report {
  private passed = 0;
  private failed = 0;

  get hasFailed(): boolean {
    return this.failed > 0;
  }

  note(line: string): void {
    console.log(line);
  }

  judge(mode: string, verdicts: readonly Verdict[]): void {
    for (const { name, faults } of verdicts) {
      if (faults.length === 0) {
        this.passed += 1;
        continue;
      }
      this.failed += 1;
      console.log(`FAILED ${mode}: ${name} (${String(faults.length)})`);
      faults.slice(0, SHOWN).forEach((fault) => {
        console.log(`  ${fault}`);
      });
    }
  }

  close(): void {
    console.log(`${String(this.passed)} passed, ${String(this.failed)} failed`);
  }
}
