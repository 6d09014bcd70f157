/** Offsets that ranges speak of, whatever order the ranges come in. */
export class Coverage {
  private readonly beyond = new Set<number>();
  private to = 0;

  /** Everything below is covered. */
  get reached(): number {
    return this.to;
  }

  add(first: number, next: number): void {
    for (let offset = Math.max(first, this.to); offset < next; offset++) this.beyond.add(offset);
    while (this.beyond.delete(this.to)) this.to++;
  }
}
