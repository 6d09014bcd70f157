/** One part of the long proof, as it stands in docs/figures.md. */
export interface Section {
  readonly title: string;
  /** What was run, for how long, and what the figures leave out. */
  readonly words: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Whether the promises held. */
  readonly held: boolean;
  readonly json: Readonly<Record<string, number>>;
}

export function written({ title, words, head, rows }: Section): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `### ${title}\n\n${words}\n\n${lines.join('\n')}`;
}
